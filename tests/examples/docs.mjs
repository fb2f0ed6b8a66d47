// Holds the docs against the program: every problem code and every state has an example; what a doc shows as printed is what
// an example prints; and the docs' tables of codes, states and keys are the program's own.
//
//     node docs.mjs JSON-FOLDER [--update]     JSON-FOLDER: a status.json of each example
//
// A block that is shown stands below a line `<!-- EXAMPLE: COMMAND -->`, for all that the command prints there, or
// `<!-- EXAMPLE [CODE] -->`, for its first problem with that code. --update writes such blocks.
import fs from 'node:fs';
import path from 'node:path';

const [folder, update] = process.argv.slice(2);
const read = (file) => fs.readFileSync(file, 'utf8');
const docs = fs.readdirSync('docs').filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name));

// NAME: [{command, lines}]
const examples = new Map(fs.readdirSync('tests/examples').filter((name) => name.endsWith('.t')).map((name) => {
  const commands = [];
  for (const line of read(path.join('tests/examples', name)).split('\n')) {
    if (line.startsWith('  $ ')) commands.push({ command: line.slice(4), lines: [] });
    else if (line.startsWith('  ') && !line.startsWith('  > ')) commands.at(-1).lines.push(line.slice(2));
  }
  return [name.slice(0, -2), commands];
}));
const printed = [...examples.values()].flat().flatMap(({ lines }) => lines);

const codes = [...read('src/report/problem.c').matchAll(/\{"([a-z0-9-]+)", SEVERITY_([A-Z]+),\s*"([^;]*?)"\}/g)]
  .map(([, code, severity, meaning]) => ({ code, severity: severity.toLowerCase(), meaning: meaning.replace(/"\s*"/g, '') }));
const states = [...read('src/drizzle/state.c').matchAll(/\{"([a-z-]+)", "(.*?)",\s*(true|false),\s*(true|false)\}/gs)]
  .map(([, state, meaning, overall, inDatabase]) => ({ state, meaning, overall: overall === 'true', inDatabase: inDatabase === 'true' }));

let failures = 0;
function test(sentence, check) {
  const wrong = check();
  console.log(`${wrong.length === 0 ? 'ok' : 'not ok'} - ${sentence}`);
  for (const line of wrong) console.log(`    ${line}`);
  failures += wrong.length > 0;
}

// What a marker asks for, or undefined.
function shown(marker) {
  const [, name, code, command] = marker.match(/^<!-- ([a-z0-9-]+)(?: \[([a-z0-9-]+)\]|: (.*)) -->$/);
  const commands = examples.get(name) ?? [];
  if (command) return commands.find((each) => each.command === command)?.lines;
  const line = commands.flatMap(({ lines }) => lines).find((each) => each.endsWith(` [${code}]`));
  return line && [line];
}

function checkBlocks(doc) {
  const wrong = [];
  let marker;
  const text = read(doc).replace(/^(?:(<!-- [a-z0-9-]+(?: \[|: ).*-->)\n)?```(.*)\n([^]*?)^```$/gm, (all, found, language, body) => {
    marker = found;
    if (!marker) {
      if (language === '') wrong.push(`a block says what no example prints: ${body.split('\n')[0]}`);
      return all;
    }
    const lines = shown(marker);
    if (!lines) wrong.push(`no example prints what is shown below ${marker}`);
    else if (body !== `${lines.join('\n')}\n` && !update) wrong.push(`${marker} shows`, body.trimEnd(), 'and is now', ...lines);
    return lines ? `${marker}\n\`\`\`${language}\n${lines.join('\n')}\n\`\`\`` : all;
  });
  if (update) fs.writeFileSync(doc, text);
  return wrong;
}

// The rows of the table below a heading, as lists of cells.
function table(doc, heading) {
  const section = read(doc).split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|')).slice(2);
  return rows.map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
}

function differences(expected, actual) {
  return [...expected.filter((each) => !actual.includes(each)).map((each) => `the docs lack: ${each}`),
    ...actual.filter((each) => !expected.includes(each)).map((each) => `the docs have, and the program not: ${each}`)];
}

const typeOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

// Adds the path and type of each value: `migrations[].databases.NAME.state`, where the names of databases are NAME.
function collect(value, at, types) {
  if (at) types.set(at, (types.get(at) ?? new Set()).add(typeOf(value)));
  if (Array.isArray(value)) for (const each of value) collect(each, `${at}[]`, types);
  else if (value && typeof value === 'object') {
    for (const [key, each] of Object.entries(value)) {
      const name = { 'migrations[].databases': 'NAME', 'upgrade.databases': 'NAME', 'upgrade.names': 'TAG' }[at] ?? key;
      collect(each, at ? `${at}.${name}` : name, types);
    }
  }
}

test('there are codes and states', () => (codes.length >= 40 && states.length >= 10 ? [] : ['they are not found in src/']));
test('every problem code has an example', () =>
  codes.filter(({ code, severity }) => !printed.some((line) => line.includes(`: ${severity}: `) && line.endsWith(` [${code}]`)))
    .map(({ code }) => code));
test('every state of a migration has an example', () =>
  states.filter(({ state, overall }) => overall && !printed.includes(`state: ${state}`)).map(({ state }) => state));
test('every state in a database has an example', () =>
  states.filter(({ state, inDatabase }) => inDatabase && !printed.some((line) => line.startsWith('database ') && line.endsWith(`: ${state}`)))
    .map(({ state }) => state));
for (const doc of docs) test(`${doc} shows what the examples print`, () => checkBlocks(doc));
test('docs/problems.md has each code, with its severity, its meaning and its example', () => {
  const sections = read('docs/problems.md').split(/^### /m).slice(1);
  return differences(codes.map(({ code, severity }) => `${code} (${severity})`), sections.map((section) => section.split('\n')[0]))
    .concat(codes.flatMap(({ code, meaning }) => {
      const section = (sections.find((each) => each.startsWith(`${code} (`)) ?? '').replace(/\s+/g, ' ');
      const lacks = [[`Reported when ${meaning}`, 'its meaning'], [`[${code}] -->`, 'its example']].filter(([text]) => !section.includes(text));
      return lacks.map(([text, what]) => `${code} lacks ${what}: ${text}`);
    }));
});
test('docs/view.md has each state with its meaning', () =>
  differences(states.map(({ state, meaning }) => `\`${state}\` ${meaning}`), table('docs/view.md', 'States').map(([state, meaning]) => `${state} ${meaning}`)));
test('docs/view.md has each key of a status file, in order', () => {
  const lines = examples.get('skipped').find(({ command }) => command.startsWith('cat status/')).lines;
  const keys = lines.map((line) => `\`${line.split(':')[0].replace(/^(database|effects) .*/, '$1 NAME')}\``).join(' ');
  const documented = table('docs/view.md', 'status/TAG').map(([key]) => key).join(' ');
  return keys === documented ? [] : [keys, documented];
});
test('docs/view.md has each key of status.json with its types', () => {
  const types = new Map();
  for (const name of fs.readdirSync(folder)) collect(JSON.parse(read(path.join(folder, name))), '', types);
  const rows = table('docs/view.md', 'status.json');
  const documented = new Map(rows.map(([key, type]) => [key.replaceAll('`', ''), type.split(' or ')]));
  return differences([...types.keys()], [...documented.keys()]).concat([...types].flatMap(([key, seen]) => {
    const odd = [...seen].filter((type) => !(documented.get(key) ?? [type]).includes(type));
    return odd.map((type) => `${key} may be ${type}, too`);
  }));
});
process.exit(failures > 0 ? 1 : 0);
