// What the compiler does not hold about the source tree, from the one table src/layers: which folder includes what, that no two
// files include each other, whose private header is whose, which library stands where, how global names begin, that
// comments break no declaration, how long a file is.
import fs from 'node:fs';
import path from 'node:path';
import { complain, folderOf, stemOf, Tree, walk } from './tree.mjs';

const tree = new Tree(process.argv[2]);
const { sources, folders } = tree;
const moduleOf = (file) => tree.moduleOf(file);

const LONGEST = 500;
const LONG_BY_NATURE = /^tests\/(fixtures|golden)\/|package-lock\.json$/;
// Headers of the libraries of src/layers, as they are to be spelled. A folder whose row names a library may include them; `only`:
// which modules of a folder, where not all of them may.
const LIBRARIES = [
  { library: 'FUSE3', header: /fuse/, spelled: 'fuse_lowlevel.h' },
  { library: 'LIBPQ', header: /^(postgresql\/)?(libpq-|postgres_ext)/, spelled: 'libpq-fe.h', only: { 'ledger/postgres': /\/libpq$/ } },
  { library: 'CJSON', header: /cjson/i, spelled: 'cjson/cJSON.h', only: { json: /^json\/(tree|print)$/ } },
  { library: 'PGQUERY', header: /pg_query/, spelled: 'pg_query.h' },
  { library: 'SECCOMP', header: /^(lib)?seccomp/, spelled: 'seccomp.h' },
  { library: 'CRYPTO', header: /^openssl\//, spelled: 'openssl/sha.h' },
];
const SPEAKS = /^(mount|live|cli)\//; // only these say things to people

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
  const folder = folderOf(file);
  for (const { library, header, spelled, only } of LIBRARIES) {
    if (!header.test(included)) continue;
    const isAllowed = folders.get(folder).libraries.includes(library) && (only?.[folder]?.test(stemOf(file)) ?? true);
    if (!isAllowed) complain(`${file}: may not include <${included}>`);
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

// Comments are read in narrow windows, too. Those behind code have the code's columns.
const WIDEST = 103;

function checkComments(file, text) {
  text.split('\n').forEach((line, at) => {
    if (/^\s*(\/\*|\*) /.test(line) && !/^\s*\*\w* = /.test(line) && /\S \S/.test(line.trim().slice(3)) && line.length > WIDEST) {
      complain(`${file}:${at + 1}: a comment of ${line.length} columns`);
    }
  });
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
  checkComments(file, text);
  // The formatter breaks a declaration whose comment does not fit behind it: such a comment stands above.
  for (const [, name] of text.matchAll(/^ +(?!return\b)[\w ]+,?\n +\**(\w+)(?:\[[^\]]*\])?; +\/\*/gm)) {
    complain(`${file}: the comment of ${name} breaks its declaration; it belongs above`);
  }
}
findCircles();
for (const file of ['src', 'include', 'tests', 'mount-examples', 'docs'].flatMap(walk)) {
  if (LONG_BY_NATURE.test(file) || /\.(md|1|svg|png)$/.test(file)) continue;
  const lines = fs.readFileSync(file, 'latin1').split('\n').length - 1;
  if (lines > LONGEST) complain(`${file}: ${lines} lines`);
}
