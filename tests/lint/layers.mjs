// What the compiler does not hold about the source tree, from the one table src/layers: which folder includes what, that no two
// files include each other, whose private header is whose, which library stands where, how global names begin, how long a file is.
import fs from 'node:fs';
import path from 'node:path';

process.chdir(process.argv[2]);

const LONGEST = 500;
const LONG_BY_NATURE = /^tests\/(fixtures|golden)\/|package-lock\.json$/;
// Headers of libraries, as they are to be spelled, and the modules that may include them.
const LIBRARIES = [
  { header: /fuse/, spelled: 'fuse_lowlevel.h', where: /^mount\// },
  { header: /libpq|postgres_ext/, spelled: 'libpq-fe.h', where: /^ledger\/postgres\// },
  { header: /cjson/i, spelled: 'cjson/cJSON.h', where: /^(json\/(tree|print)$|schema\/|drizzle\/snapshot$)/ },
];
const SPEAKS = /^(mount|live|cli)\//; // only these say things to people

let complaints = 0;
function complain(sentence) {
  console.log(sentence);
  complaints++;
}

// The row of each folder, and the words beside their own that its global names may begin with.
const folders = new Map();
for (const line of fs.readFileSync('src/layers', 'utf8').split('\n')) {
  const words = line.match(/^@ *([a-z/]+) +(.*)$/);
  if (words) folders.get(words[1]).words.push(...words[2].split(/ +/));
  if (!/^[a-z]/.test(line)) continue;
  const [folder, allowed] = line.split('|').map((cell) => cell.trim());
  folders.set(folder, { allowed: allowed.split(/ +/), words: [] });
}

function walk(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(name) : entry.isFile() ? [name] : [];
  }).sort();
}

const sources = [...walk('src'), ...walk('include/migfs')].filter((file) => /\.[ch]$/.test(file));
const stemOf = (file) => file.replace(/^(src|include\/migfs)\//, '').replace(/\.[ch]$/, '');
const folderOf = (file) => path.dirname(stemOf(file));

// A module is a header and its source, or its sources: report/render_json.c, which has no header, is a part of report/render.
const headers = new Set(sources.filter((file) => file.endsWith('.h')).map(stemOf));
function moduleOf(file) {
  let stem = stemOf(file);
  while (!headers.has(stem) && path.basename(stem).includes('_')) stem = stem.replace(/_[^_]*$/, '');
  return headers.has(stem) ? stem : stemOf(file);
}

const includes = new Map(); // module: Map of module: the file that includes it

function checkInclude(file, included) {
  const own = folderOf(file);
  const at = included.startsWith('migfs/') ? `include/${included}` : `src/${included}`;
  if (!fs.existsSync(at)) {
    complain(`${file}: includes ${included}, which is neither in include/ nor in src/`);
    return;
  }
  const from = moduleOf(file), to = moduleOf(at);
  if (from !== to) {
    if (!includes.has(from)) includes.set(from, new Map());
    includes.get(from).set(to, file);
  }
  const other = folderOf(at), allowed = folders.get(own).allowed;
  if (other === own) return;
  if (at.startsWith('src/')) complain(`${file}: includes ${included}, a private header of ${other}`);
  else if (!allowed.includes(other) && !allowed.includes('*')) complain(`${file}: ${own} may not include ${included}`);
  else if (included === 'migfs/util/log.h' && !SPEAKS.test(stemOf(file))) {
    complain(`${file}: only mount, live and cli say things to people (migfs/util/log.h)`);
  }
}

function checkLibrary(file, included) {
  for (const { header, spelled, where } of LIBRARIES) {
    if (!header.test(included)) continue;
    if (!where.test(stemOf(file))) complain(`${file}: may not include <${included}>`);
    else if (included !== spelled) complain(`${file}: <${included}> is spelled <${spelled}>`);
  }
}

// One way round for each circle, as `a -> b -> a`.
function findCircles() {
  const done = new Set(), trail = [];
  const visit = (module) => {
    if (trail.includes(module)) {
      complain(`a circle: ${[...trail.slice(trail.indexOf(module)), module].join(' -> ')}`);
      return;
    }
    if (done.has(module)) return;
    trail.push(module);
    for (const next of includes.get(module)?.keys() ?? []) visit(next);
    trail.pop();
    done.add(module);
  };
  for (const module of includes.keys()) visit(module);
}

// `sources` begins with `source`, `reader` with `read`: a word of a path in the forms that names take.
const wordsOf = (stem) => stem.split(/[/_]/).flatMap((word) => [word, word.replace(/s$/, ''), word.replace(/(e?r|es)$/, '')]);

function checkNames(file, text) {
  const folder = folderOf(file), words = new Set([...wordsOf(folder), ...wordsOf(path.basename(stemOf(file)).split('_')[0]),
    path.basename(stemOf(file)), ...folders.get(folder).words]);
  const bare = text.replace(/\/\*[^]*?\*\//g, '').replace(/\\\n/g, ' ').replace(/^#.*$/gm, '');
  const declared = file.endsWith('.h')
    ? /^(?!typedef\b|static\b|return\b|_Static_assert)[A-Za-z_][\w \t*]*?[ *](\w+)(?:\[[^\]]*\])?(?:\(|;)/gm
    : /^(?!typedef\b|static\b|extern\b|return\b|_Static_assert|goto\b)[A-Za-z_][\w \t*]*?[ *](\w+)(?:\[[^\]]*\])*(?:\(| = |;)/gm;
  for (const [all, name] of bare.matchAll(declared)) {
    if (/^(struct|enum|union) \w+;/.test(all) || name === 'main') continue;
    const begins = [...words].some((word) => name === word || name.startsWith(`${word}_`));
    if (!begins) complain(`${file}: ${name} does not begin with a word of its file or folder`);
  }
}

for (const file of sources) {
  if (!folders.has(folderOf(file))) {
    complain(`${file}: src/layers has no row for ${folderOf(file)}`);
    continue;
  }
  const text = fs.readFileSync(file, 'utf8');
  for (const [, included] of text.matchAll(/^ *# *include *"([^"]*)"/gm)) checkInclude(file, included);
  for (const [, included] of text.matchAll(/^ *# *include *[<"]([^>"]*)[>"]/gm)) checkLibrary(file, included);
  checkNames(file, text);
}
findCircles();
for (const file of ['src', 'include', 'tests', 'mount-examples', 'docs'].flatMap(walk)) {
  if (LONG_BY_NATURE.test(file) || /\.(md|1|svg|png)$/.test(file)) continue;
  const lines = fs.readFileSync(file, 'latin1').split('\n').length - 1;
  if (lines > LONGEST) complain(`${file}: ${lines} lines`);
}
process.exit(complaints > 0 ? 1 : 0);
