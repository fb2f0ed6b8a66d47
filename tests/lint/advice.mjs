// What is advised is followed: each step that a sentence names needs a case in tests/advice that takes it, for each code that names it.
//
//     node advice.mjs [ROOT]       prints the sentences that name a step and have no case
import fs from 'node:fs';
import path from 'node:path';

const root = process.argv[2] ?? '.';
const report = path.join(root, 'src/report');
const advice = path.join(root, 'tests/advice');
const read = (file) => fs.readFileSync(file, 'utf8');

// A command or a line of rules between backticks, or a clause that begins with what to do.
const verbs = 'run|write|delete|rename|restore|set|put|give|take|attach|name|move|correct|finish|save|empty|make|deploy|record|drop|multiply|see|compare|change|leave|keep|let';
const step = new RegExp(`\`(?:applied|include|exclude|edited|foreign|ignore|migfs fix)\\b|[;:,] (?:%s)?(?:(?:or|else|then|and|first),? |(?:while|where|if|until) [^,;]*, )?(?:${verbs}) `);

// From the parenthesis at `from` to the one that closes it; strings may hold some.
function call(text, from) {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') {
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return text.slice(from, at + 1);
  }
  return text.slice(from);
}

const strings = (text) => [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, it]) => it).join('');

// Bodies of the functions of a file, by name: what they say is a part of a sentence where they are called in it.
const functionsOf = (text) => new Map([...text.matchAll(/^[a-z][^\n;{]*?\b(\w+)\([^;{]*\) \{\n([^]*?)^\}/gm)].map(([, name, body]) => [name, body]));

const codes = new Map([...read(path.join(report, 'problem.c')).matchAll(/\[(PROBLEM_\w+)\] =\s*\{"([a-z0-9-]+)"/g)].map(([, kind, code]) => [kind, code]));
const naming = new Map(); // code → where, and what its sentences say
for (const name of fs.readdirSync(report).filter((it) => it.endsWith('.c'))) {
  const text = read(path.join(report, name));
  const functions = functionsOf(text);
  for (const { 0: it, index } of text.matchAll(/\bfound(_as)?\(/g)) {
    const said = call(text, index + it.length - 1);
    const code = codes.get(said.match(/\bPROBLEM_\w+/)?.[0]);
    const before = text.slice(text.lastIndexOf('\n}\n', index) + 1, index);
    const locals = [...new Set(said.match(/\b[a-z]\w*\b/g))].map((it) => before.match(new RegExp(`\\b${it} = ([^;]*(?:"[^"]*"[^;]*)*);`))?.[1] ?? '');
    const helpers = [...[said, ...locals].join(' ').matchAll(/\b(\w+)\(/g)].map(([, helper]) => functions.get(helper) ?? '');
    const parts = [said, ...locals, ...helpers];
    const sentence = parts.map(strings).join('; ') + (/->advice\b/.test(parts.join()) && code !== 'conflict' ? '; run `migfs fix`' : ''); // a conflict refuses it
    if (!code || !step.test(sentence)) continue;
    if (!naming.has(code)) naming.set(code, { name, sentences: [] });
    naming.get(code).sentences.push(sentence);
  }
}

// ---- the steps that the cases know ----

const cases = fs.readdirSync(advice).filter((it) => it.startsWith('cases_')).map((it) => read(path.join(advice, it))).join('\n');
const taken = new Set(); // `CODE STEP`
const codesTaken = new Set();
for (const [, code, step] of cases.matchAll(/code: '([a-z0-9-]+)',\s+step: (\[[^\]]*\]|'[^']*')/g)) {
  codesTaken.add(code);
  for (const [, name] of step.matchAll(/'([^']*)'/g)) taken.add(`${code} ${name}`);
}
// Each step of a file, with the words that it is found by.
const stepsOf = (file) => new Map([...read(path.join(advice, file)).matchAll(/^ {2}(?:'([^']+)'|(\w+)): \{[^\n]*\n(?:\s*\/\/[^\n]*\n)*\s+says: \/(.*)\/,$/gm)]
  .map(([, quoted, plain, pattern]) => [quoted ?? plain, new RegExp(pattern)]));
const says = stepsOf('steps.mjs');
for (const verb of ['applied', 'include', 'exclude', 'edited', 'foreign', 'ignore']) says.set(verb, new RegExp(`\`${verb} [^\`]+\``));

const missing = [];
for (const [code, { name, sentences }] of naming) {
  if (!codesTaken.has(code)) missing.push(`src/report/${name}: the sentence of ${code} names a step, and no case of tests/advice takes it`);
  else for (const [known, pattern] of says) {
    if (sentences.some((sentence) => pattern.test(sentence)) && !taken.has(`${code} ${known}`)) {
      missing.push(`src/report/${name}: the sentence of ${code} names the step "${known}", and no case of tests/advice takes it`);
    }
  }
}

// ---- sentences that are no problem's: why the journal is refused, what fix and print say, lines of the view ----

const elsewhere = ['synthesis/refusal.c', 'cli/fix.c', 'cli/fix_plan.c', 'cli/print.c', 'cli/replace.c', ...['phrases', 'deploy', 'effect_phrases', 'render_lists', 'render_summary',
  'render_status', 'render_fleet', 'render_effects', 'render_open', 'screen', 'screen_table'].map((it) => `report/${it}.c`)];
const testedElsewhere = [/run it once more/, // tests/fix: the folder changes meanwhile
  /^; put in(:| by )/]; // what was put in: no step
const lines = [...cases.matchAll(/line: \/(.*?)\/,/g)].map(([, pattern]) => new RegExp(pattern));
const withoutSee = new RegExp(step.source.replace('|see|', '|'));
const literalsOf = (file) => [...read(path.join(root, 'src', file)).matchAll(/"(?:[^"\\]|\\.)*"(?:\s*(?:PRI\w+\s*)?"(?:[^"\\]|\\.)*")*/g)].map(([it]) => strings(it).replaceAll('\\"', '"'));
for (const name of elsewhere) {
  for (const sentence of literalsOf(name)) {
    const isPart = sentence.startsWith('`') || (/^[,;]/.test(sentence) && [...says.values()].some((pattern) => pattern.test(sentence))); // of one that is said elsewhere
    if (withoutSee.test(sentence) && !isPart && ![...lines, ...testedElsewhere].some((pattern) => pattern.test(sentence))) {
      missing.push(`src/${name}: "${sentence}" names a step, and no case of tests/advice hears it`);
    }
  }
}

// ---- the rehearsal of the upgrade ----

const upgradeTaken = new Map(); // fault → steps
for (const [, fault, step] of cases.matchAll(/fault: '([a-z-]+)', step: (\[[^\]]*\]|'[^']*')/g)) {
  upgradeTaken.set(fault, [...(upgradeTaken.get(fault) ?? []), ...[...step.matchAll(/'([^']*)'/g)].map(([, name]) => name)]);
}
const allTaken = new Set([...upgradeTaken.values()].flat());
const upgradeSays = [...stepsOf('upgrade.mjs')].filter(([name]) => allTaken.has(name)).map(([, pattern]) => pattern);
const upgradeStep = new RegExp(step.source.replace('(?:%s)?', '').replace(`${verbs})`, `${verbs}|insert|remove|fix)`).replace('[;:,] ', '(?:[;:,]|^) ?'));
for (const [, fault] of read(path.join(root, 'src/join/upgrade.c')).matchAll(/^ +\[UPGRADE_\w+\] = "([a-z-]+)"/gm)) {
  if (!upgradeTaken.has(fault)) missing.push(`src/join/upgrade.c: no case of tests/advice has the fault ${fault}`);
}
for (const sentence of literalsOf('report/render_upgrade.c')) {
  const filled = sentence.replace(/(\w)%s/g, '$1').replace(/%(\.\*)?(zu|s\b)?/g, '0'.repeat(64));
  if (upgradeStep.test(filled) && ![...upgradeSays, ...lines].some((pattern) => pattern.test(filled))) {
    missing.push(`src/report/render_upgrade.c: "${sentence}" names a step, and no case of tests/advice takes it`);
  }
}

// ---- what `migfs explain CODE` prints: the paragraph "To do" of docs/problems.md ----

const toDo = [[/`migfs fix/, 'fix'], ...['applied', 'include', 'exclude', 'edited', 'foreign', 'ignore'].map((verb) => [new RegExp(`\`${verb}\\b`), verb]),
  [/\brestore (?!of)|put the old text back|restore the old text|put (it|them) back/, 'restore', 'set when'], [/\brename (the|one of them|it)\b/, 'rename', 'rename freely'], [/generate it again/, 'generate again'], [/baseline\.sql/, 'baseline'],
  [/databases\/NAME\/_journal\.json`? once/, 'own journal'], [/drop the ledger/, 'drop the ledger'], [/by hand(?!;| it)/, 'run by hand', 'in the database', 'applied', 'write', 'baseline', 'try first'],
  [/\bdelete (it|the (file|row))\b/, 'delete', 'write', 'in the database', 'generate again'], [/set the|give (it|the)|change the/, 'set when', 'set idx', 'in the database', 'real timestamp', 'write', 'try first']];
const goesOn = ['commit-forgets fix', 'ran-by-hand fix']; // by `next` of their cases
for (const [, code, section] of read(path.join(root, 'docs/problems.md')).matchAll(/^### ([a-z0-9-]+) \([^]*?^To do: ([^]*?)\n\n/gm)) {
  for (const [pattern, ...names] of toDo) {
    if (pattern.test(section) && !goesOn.includes(`${code} ${names[0]}`) && !names.some((name) => taken.has(`${code} ${name}`))) {
      missing.push(`docs/problems.md: what is to be done about ${code} names the step "${names[0]}" (${section.match(pattern)[0]}), and no case of tests/advice takes it`);
    }
  }
}

for (const line of missing) console.log(line);
for (const code of codesTaken) if (![...codes.values()].includes(code)) console.log(`tests/advice: there is no code ${code}`);
if (process.argv.includes('--list')) console.log([...codes.values()].filter((code) => !naming.has(code)).join(' '));
process.exitCode = missing.length > 0 ? 1 : 0;
