// Runs the cases, some at a time, and says what became of them as TAP.
import { cases } from './cases.mjs';
import { judge } from './judge.mjs';
import { lookAtFolders } from './folders.mjs';
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
      await judge(it, number);
      console.log(`ok - ${nameOf(it)}`);
    } catch (error) {
      failed++;
      console.log(`not ok - ${nameOf(it)}\n${(error.code === 'ERR_ASSERTION' ? error.message : error.stack).replace(/^/gm, '    ')}`);
    }
  }
}

await Promise.all([work(), work(), work()]);
if (words.length === 0 || words.includes('folders')) failed += (await lookAtFolders()) ? 0 : 1;
await closeDatabases();
process.exitCode = failed > 0 ? 1 : 0;
