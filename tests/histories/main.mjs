// Hands out seeds to two workers and adds up what they say. Ends with `N passed, N failed`, status 1 when any failed.

import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const options = { count: 300, seed: 1, keep: false, mount: true, first: false, jobs: 2, program: undefined };
for (const argument of process.argv.slice(2)) {
  const [, name, value] = /^--(count|seed|jobs)=(\d+)$/.exec(argument) ?? [];
  if (name) options[name] = Number(value);
  else if (argument === '--keep') options.keep = true;
  else if (argument === '--no-mount') options.mount = false;
  else if (argument === '--first') options.first = true;
  else if (!argument.startsWith('-') && !options.program) options.program = path.resolve(argument);
  else {
    console.error(
      `main.mjs: what is ${argument}? usage: run [BINARY] [--count=N] [--seed=N] [--jobs=N] [--no-mount] [--keep] [--first]`,
    );
    process.exit(2);
  }
}

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'migfs-histories.'));
// Folders are written and removed some thousand times; mounts and what is kept are elsewhere, where whoever cleans up looks for them.
const memory = fs.mkdtempSync(path.join(process.env.MIGFS_TEST_MEMORY || directory, 'sources.'));
const canMount = options.mount && fs.existsSync('/dev/fuse');
if (!canMount) console.log('# nothing is mounted: no /dev/fuse here, or --no-mount');
const started = Date.now();
const results = [];
let next = options.seed;
const end = options.seed + options.count;

function report(result) {
  results.push(result);
  console.log(`${result.wrong.length > 0 ? 'not ok' : 'ok'} ${results.length} - the history of seed ${result.seed}`);
  if (result.wrong.length === 0) return;
  const told = result.wrong.join('\n').split('\n');
  for (const line of told.slice(0, 12)) console.log(`# ${line}`);
  if (told.length > 12) console.log(`# and ${told.length - 12} more lines in wrong.txt`);
  console.log(
    `# kept in ${result.kept}; again: tests/histories/run ${options.program} --seed=${result.seed} --count=1 --keep`,
  );
  for (const line of result.story) console.log(`#     ${line}`);
}

function work(number) {
  const setup = JSON.stringify({ program: options.program, directory, memory, number, keep: options.keep, canMount });
  const worker = fork(fileURLToPath(new URL('worker.mjs', import.meta.url)), [setup]);
  return new Promise((resolve, reject) => {
    worker.on('message', (message) => {
      if (message !== 'ready') report(message);
      const isOver = options.first && results.some(({ wrong }) => wrong.length > 0);
      worker.send(next < end && !isOver ? next++ : null);
    });
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`worker ${number} ended with ${code}`))));
  });
}

function table(title, lists) {
  const counts = new Map();
  for (const list of lists) for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  console.log(`# ${title}:`);
  for (const [item, count] of [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
    console.log(`#   ${String(count).padStart(5)}  ${item}`);
}

await Promise.all(Array.from({ length: Math.min(options.jobs, options.count) }, (_, number) => work(number)));
const failed = results.filter(({ wrong }) => wrong.length > 0).length;
fs.rmSync(memory, { recursive: true, force: true });
if (failed === 0 && !options.keep) fs.rmSync(directory, { recursive: true, force: true });
const share = (list) => `${list.length} (${((100 * list.length) / results.length).toFixed(1)} %)`;
table(
  'what happened in them',
  results.map(({ kinds }) => kinds),
);
table(
  'what came of them',
  results.map(({ facts }) => facts),
);
table(
  'databases',
  results.map(({ sites }) => [`${sites} databases`]),
);
console.log(
  `# seeds ${options.seed} to ${end - 1}, ${results.reduce((sum, { size }) => sum + size, 0)} migrations, ${((Date.now() - started) / 1000).toFixed(0)} s`,
);
console.log(
  `# refused ${share(results.filter(({ facts }) => facts.some((fact) => fact.startsWith('refused:'))))}, not all by the truth ${share(results.filter(({ facts }) => facts.some((fact) => fact.startsWith('not '))))}`,
);
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
