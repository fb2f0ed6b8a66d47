// Whoever is told what to do does it: a problem's sentence that names a step needs a case in tests/advice that takes it.
//
//     node advice.mjs [ROOT]       prints the codes whose sentence names a step and that have no case
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
const naming = new Map();
for (const name of fs.readdirSync(report).filter((it) => it.endsWith('.c'))) {
  const text = read(path.join(report, name));
  const functions = functionsOf(text);
  for (const { 0: it, index } of text.matchAll(/\bfound(_as)?\(/g)) {
    const said = call(text, index + it.length - 1);
    const code = codes.get(said.match(/\bPROBLEM_\w+/)?.[0]);
    const helpers = [...said.matchAll(/\b(\w+)\(/g)].map(([, helper]) => functions.get(helper) ?? '');
    const sentence = `${strings(said)}; ${helpers.map(strings).join('; ')}${/\b(advice|decide|step)\b/.test([said, ...helpers].join()) ? '; run `migfs fix`' : ''}`;
    if (code && step.test(sentence)) naming.set(code, name);
  }
}

const cases = fs.readdirSync(advice).filter((it) => it.startsWith('cases_')).map((it) => read(path.join(advice, it))).join('\n');
const taken = new Set([...cases.matchAll(/code: '([a-z0-9-]+)',\s+step: /g)].map(([, code]) => code));
const missing = [...naming].filter(([code]) => !taken.has(code));
for (const [code, name] of missing) console.log(`src/report/${name}: the sentence of ${code} names a step, and no case of tests/advice takes it`);
for (const code of taken) if (![...codes.values()].includes(code)) console.log(`tests/advice: there is no code ${code}`);
if (process.argv.includes('--list')) console.log([...codes.values()].filter((code) => !naming.has(code)).join(' '));
process.exitCode = missing.length > 0 ? 1 : 0;
