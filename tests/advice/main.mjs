// Runs the cases, some at a time, and says what became of them as TAP.
import fs from 'node:fs';
import { cases } from './cases.mjs';
import { judge, printed, taken } from './judge.mjs';
import { steps } from './steps.mjs';
import { lookAtFolders } from './folders.mjs';
import { judgeUpgrade, upgradeSteps } from './upgrade.mjs';
import { stopConverting } from '../v1/convert.mjs';
import { closeDatabases } from './world.mjs';

const words = process.argv.slice(2);
const nameOf = (it) => `${it.code}, ${[it.step].flat().join(' and ')}${it.where ? `: ${it.where}` : ''}`;
const chosen = cases.filter((it) => words.length === 0 || words.some((word) => nameOf(it).includes(word)));
let next = 0;
let failed = 0;

async function work() {
  while (next < chosen.length) {
    const number = next++;
    const it = chosen[number];
    try {
      await (it.fault ? judgeUpgrade : judge)(it, number);
      console.log(`ok - ${nameOf(it)}`);
    } catch (error) {
      failed++;
      console.log(`not ok - ${nameOf(it)}\n${(error.code === 'ERR_ASSERTION' ? error.message : error.stack).replace(/^/gm, '    ')}`);
    }
  }
}

await Promise.all([work(), work(), work()]);
// The sentences of tests/examples, too.
function readExamples() {
  for (const name of fs.readdirSync('tests/examples').filter((it) => it.endsWith('.t'))) {
    const text = fs.readFileSync(`tests/examples/${name}`, 'utf8');
    for (const [, sentence, code] of text.matchAll(/^ {2}\S.*?: (?:error|warning|note): (.*) \[([a-z0-9-]+)\]$/gm)) {
      if (!printed.has(code)) printed.set(code, new Set());
      printed.get(code).add(sentence);
    }
  }
}

// What a sentence offers and no case takes.
function untaken() {
  const left = [];
  readExamples();
  for (const [code, sentences] of printed) {
    for (const [name, { says }] of Object.entries(code.startsWith('upgrade ') ? upgradeSteps : steps)) {
      const offered = [...sentences].find((sentence) => says.test(sentence));
      if (offered && !taken.has(`${code} ${name}`)) left.push(`${code}: ${name}: ${offered}`);
    }
  }
  return left;
}

if (words.length === 0) {
  const left = untaken();
  if (left.length > 0) failed++;
  console.log(left.length === 0 ? 'ok - each step that a sentence named was taken' : `not ok - steps that no case takes\n${left.join('\n').replace(/^/gm, '    ')}`);
}
if (words.length === 0 || words.includes('folders')) failed += (await lookAtFolders()) ? 0 : 1;
stopConverting();
await closeDatabases();
process.exitCode = failed > 0 ? 1 : 0;
