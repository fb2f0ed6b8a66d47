// Holds what the .md files say against the repository: links, anchors, paths, options of the program, and shell that parses.
//
//     node words.mjs PROGRAM
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [program] = process.argv.slice(2);
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).trim().split('\n')
  .filter((file) => fs.existsSync(file));
const docs = files.filter((file) => file.endsWith('.md') && !file.startsWith('tests/fixtures/'));
const read = (file) => fs.readFileSync(file, 'utf8');

// The text without comments and blocks, and the blocks with their kinds.
function take(text) {
  const blocks = [];
  const prose = text.replace(/^<!--[^]*?-->$/gm, '').replace(/^```(\w*)\n([^]*?)^```$/gm, (all, kind, body) => {
    blocks.push({ kind, body });
    return '';
  });
  return { prose, blocks };
}

// As GitHub makes them: a second heading of the same words gets `-1`.
function anchors(prose) {
  const seen = new Map();
  return [...prose.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times ? `${slug}-${times}` : slug;
  });
}

const exists = (file) => fs.existsSync(file) || file.endsWith('/') && fs.existsSync(file.slice(0, -1));

function brokenLinks(doc) {
  const prose = take(read(doc)).prose.replace(/`[^`\n]*`(?!\])/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target)).filter((target) => {
    const [file, anchor] = target.split('#');
    const found = file ? path.join(path.dirname(doc), file) : doc;
    if (!exists(found)) return true;
    return anchor !== undefined && !anchors(take(read(found)).prose).includes(anchor);
  });
}

// Paths below a folder of ours, wherever they are named; * and <…> stand for something, and NAME for a name.
function brokenPaths(doc) {
  const named = [...read(doc).matchAll(/(?<![\w./-])(?:tests|docs|src|include|mount-examples|\.ci)\/[\w.@*<>/-]*[\w*>/]/g)].map(([name]) => name);
  return [...new Set(named)].filter((name) => {
    const pattern = new RegExp(`^${name.replace(/[.@+]/g, '\\$&').replace(/\*|<\w+>|\b[A-Z]+\b(?!\.md|\\.md)/g, '[^/]*')}(/.*)?$`);
    return !exists(name) && !files.some((file) => pattern.test(file));
  });
}

const known = new Set(execFileSync(program, ['--help'], { encoding: 'utf8' }).match(/--[a-z]+(?:-[a-z]+)*/g));

// Options in commands of ours, in blocks and in the text.
function brokenOptions(doc) {
  const { prose, blocks } = take(read(doc));
  const commands = [...blocks.flatMap(({ body }) => body.split('\n')), ...(prose.match(/`[^`\n]+`/g) ?? []), ...prose.split('\n').filter((line) => line.startsWith('    '))]
    .filter((text) => /^(`|\$ |\s)*(sudo )?migfs /.test(text));
  const alone = prose.match(/`--[a-z-]+[=`]/g) ?? [];
  const used = [...commands, ...alone].flatMap((text) => text.split(/[|;&]/)[0].match(/(?<![\w-])--[a-z]+(?:-[a-z]+)*/g) ?? []);
  return [...new Set(used)].filter((option) => !known.has(option) && !others.has(option));
}
// Of the tests and the tools that the docs speak of.
const others = new Set(['--update', '--list', '--count', '--seed', '--jobs', '--no-mount', '--keep', '--device', '--cap-add', '--sizes',
  '--databases', '--growth', '--seconds', '--rounds', '--build-context', '--format', '--user']);

function brokenShell(doc) {
  return take(read(doc)).blocks.filter(({ kind }) => kind === 'sh').flatMap(({ body }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: body, encoding: 'utf8' });
    return status === 0 ? [] : [stderr.trim()];
  });
}

// A piece of C is one of ours, as it stands there.
const sources = files.filter((file) => /\.[ch]$/.test(file)).map(read);
const brokenQuotes = (doc) => [...read(doc).matchAll(/^( *)```c\n([^]*?)^ *```$/gm)]
  .map(([, indent, body]) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
  .filter((body) => !sources.some((source) => source.includes(body)));

const layersOfLint = () => [...read('src/layers').matchAll(/^([a-z]\S*) +\|/gm)].map(([, layer]) => layer);
const layersOfDesign = () => [...read('docs/design.md').split('\n## ').find((part) => part.startsWith('Layers')).matchAll(/^\| ([\w/]+) \|/gm)].map(([, layer]) => layer).slice(1);
const suitesOfTests = () => [...new Set([...read('tests/run').matchAll(/^ {4}"[\w-]+ +tests\/(\w+)\/run/gm)].map(([, suite]) => suite))];

// What the program says, out of the sources: literals side by side are one.
const literals = files.filter((file) => /^src\/.*\.c$/.test(file)).map((file) => read(file).replace(/"\s*"/g, '')).join('\n');

// The first column of the tables of what it says.
function unsaid(doc) {
  const tables = [...read(doc).matchAll(/^\| it says \|.*\n\|.*\n((?:\|.*\n)+)/gm)].map(([, rows]) => rows);
  return tables.flatMap((rows) => [...rows.matchAll(/^\| `([^`]+)` \|/gm)]).map(([, said]) => said)
    .filter((said) => !literals.includes(said) && !said.split(' default ').every((part) => literals.includes(part)));
}

// ---- what is told ----

let failures = 0;
function test(sentence, wrong) {
  console.log(`${wrong.length === 0 ? 'ok' : 'not ok'} - ${sentence}`);
  for (const line of wrong) console.log(`    ${line}`);
  failures += wrong.length > 0;
}
const everywhere = (check) => docs.flatMap((doc) => check(doc).map((what) => `${doc}: ${what}`));

test('every link leads to a file and a heading that are there', everywhere(brokenLinks));
test('every path of the repository that is named is there', everywhere(brokenPaths));
test('every option that is named is one', everywhere(brokenOptions));
test('every block of shell parses', everywhere(brokenShell));
test('pieces of C are those of the sources', everywhere(brokenQuotes));
test('docs/design.md has the layers that the lint holds', layersOfLint().join() === layersOfDesign().join() ? [] : [layersOfLint().join(), layersOfDesign().join()]);
test('docs/CONTRIBUTING.md has every suite', suitesOfTests().filter((suite) => !read('docs/CONTRIBUTING.md').includes(`\`tests/${suite}\``)));
test('the program says what it is said to say', everywhere(unsaid));
test('every page is reached from README.md', docs.filter((doc) => doc.startsWith('docs/'))
  .filter((doc) => !read('README.md').includes(`](${doc}`)));
// What needs no privilege comes first, wherever both are named.
const examples = [['kubernetes.yaml', 'kubernetes-sidecar.yaml'], ['compose.yaml', 'compose-sidecar.yaml'], ['Dockerfile.alpine', 'Dockerfile.view']];
test('the examples that need no mount are named before those that do', everywhere((doc) => {
  const place = (name) => (read(doc) + name).indexOf(name);
  return examples.filter(([first, then]) => read(doc).includes(then) && place(first) > place(then)).map(([first]) => first);
}));
test('README and installing.md show first how an Alpine image copies migfs', ['README.md', 'docs/installing.md'].filter((doc) =>
  !/^FROM node:\d+-alpine\nCOPY --from=migfs:[\d.]+ \/opt\/migfs \/opt\/migfs\n/.test(take(read(doc)).blocks.find(({ kind }) => kind === 'dockerfile')?.body)));
test("README's two commands are there and can be run", ['mount-examples/quickstart', 'tests/run'].filter((command) =>
  !new RegExp(`^${command}$`, 'm').test(read('README.md')) || !(fs.statSync(command).mode & 0o100)));
test('the tree of the view in README has every name at its root', (() => {
  const listed = execFileSync(program, ['print', '--no-database', 'tests/fixtures/incident', '/'], { encoding: 'utf8' }).trim().split('\n');
  const tree = take(read('README.md')).blocks.find(({ body }) => body.startsWith('view/'))?.body ?? '';
  const shown = [...tree.matchAll(/^[├└]── ([\w.]+)/gm)].map(([, name]) => name);
  return listed.filter((name) => !shown.includes(name.replace(/\/$/, '')));
})());
test('the top of the repository holds nothing but what belongs there', [...new Set(files.map((file) => file.split('/')[0]))].filter((name) =>
  !['CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md', 'action.yml', 'docs', 'include', 'mount-examples', 'packaging', 'src', 'tests'].includes(name) && !name.startsWith('.')));
process.exit(failures > 0 ? 1 : 0);
