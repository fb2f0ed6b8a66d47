// Who can write on the way to a source, or in it, swaps folders for others while the view is read. MIGFS_TEST_SWAPS: how many times.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { makeFolder, mount, run } from '../runner/lib.mjs';

const onlyRoot = { skip: process.getuid() !== 0 && 'only root mounts for others without asking' };
const swaps = process.env.MIGFS_TEST_SWAPS ?? '2000';
const OWNER = 1001;

// What is in a migrations folder, with this word in every name and file.
function fill(folder, word) {
  const entry = { idx: 0, version: '7', when: 1_700_000_000_000, tag: `0000_${word}`, breakpoints: true };
  fs.mkdirSync(`${folder}/meta`, { recursive: true });
  fs.mkdirSync(`${folder}/sub`);
  fs.writeFileSync(`${folder}/0000_${word}.sql`, `select '${word}';\n`);
  fs.writeFileSync(`${folder}/sub/${word}.txt`, `${word}\n`);
  fs.writeFileSync(`${folder}/meta/_journal.json`, JSON.stringify({ version: '7', dialect: 'postgresql', entries: [entry] }));
}

// site/app/drizzle is the source, all of the owner's; closed/ is root's; what the owner swaps with what leads there.
function makeSite() {
  const above = makeFolder('swaps'), site = `${above}/site`, closed = `${above}/closed`;
  fill(`${site}/app/drizzle`, 'open');
  fill(`${closed}/app/drizzle`, 'secret');
  fs.mkdirSync(`${closed}/app/drizzle/private`, { mode: 0o700 });
  fs.writeFileSync(`${closed}/app/drizzle/private/secret.txt`, 'secret\n');
  fs.symlinkSync(`${closed}/app/drizzle`, `${site}/to_drizzle`);
  fs.symlinkSync(`${closed}/app`, `${site}/to_app`);
  assert.equal(run('chown', ['-hR', `${OWNER}:${OWNER}`, site]).code, 0);
  fs.mkdirSync(`${site}/app/drizzle/private`, { mode: 0o700 });
  fs.writeFileSync(`${site}/app/drizzle/private/secret.txt`, 'secret\n');
  fs.chmodSync(closed, 0o700);
  return site;
}

test(`of what is swapped on the way to a source, and in it, ${swaps} times, others read nothing that is closed to them`, onlyRoot, async (t) => {
  const site = makeSite();
  const view = await mount(t, `${site}/app/drizzle`, ['-o', 'allow_other', '--no-database', '--poll=1']);
  const { status, stdout } = spawnSync(process.env.MIGFS_TEST_SWAPPER, [view.point, site, swaps], { encoding: 'utf8', timeout: 60_000 + 100 * swaps });
  console.log(`# ${stdout.trim().replaceAll('\n', '\n# ')}`);
  assert.equal(status, 0, stdout);
});

// What a process that is in this folder of the view lists there after `change`.
function listFromWithin(view, folder, change) {
  const held = fs.openSync(view.path(folder), 'r');
  try {
    change();
    return fs.readdirSync(`/proc/self/fd/${held}`);
  } finally {
    fs.closeSync(held);
  }
}

// A process that is in the view when a folder takes the place of another.
test('who is in the view before the source is swapped sees nothing of a closed one from there', onlyRoot, async (t) => {
  const site = makeSite();
  const view = await mount(t, `${site}/app/drizzle`, ['-o', 'allow_other', '--no-database']);
  const within = listFromWithin(view, 'migrations', () => {
    fs.renameSync(`${site}/app/drizzle`, `${site}/app/old`);
    fs.renameSync(`${site}/to_drizzle`, `${site}/app/drizzle`);
    view.sync();
  });
  assert.deepEqual(within, [], 'the directory of the old source is empty, for root, too');
  assert.ok(view.list('migrations').includes('0000_secret.sql'), 'the new one is seen by who may');
  const script = 'cd "$1/migrations" && ls . ../status; cat "$1"/migrations/*.sql "$1"/migrations/sub/*.txt "$1/problems"; :';
  const asNobody = run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', script, 'sh', view.point]);
  assert.doesNotMatch(asNobody.out, /secret/);
});

test('where all may enter the old folder and the new one, who is in the view stays in it', onlyRoot, async (t) => {
  const site = makeFolder('flip');
  for (const release of ['r1', 'r2']) fill(`${site}/${release}/drizzle`, release);
  fs.symlinkSync('r1', `${site}/current`);
  const view = await mount(t, `${site}/current/drizzle`, ['-o', 'allow_other', '--no-database']);
  const within = listFromWithin(view, 'migrations', () => {
    fs.symlinkSync('r2', `${site}/next`);
    fs.renameSync(`${site}/next`, `${site}/current`);
    view.sync();
  });
  assert.ok(within.includes('0000_r2.sql'), within.join());
});

test('the owner of a closed folder in the source sees its names in problems, and others do not', onlyRoot, async (t) => {
  const site = makeSite(), source = `${site}/app/drizzle`;
  fs.symlinkSync('/nowhere', `${source}/private/secret.link`);
  const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
  assert.match(view.read('problems'), /private\/secret\.link/);
  const script = 'cd "$1" && find . && find . -type f -exec cat {} +';
  const asNobody = run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', script, 'sh', view.point]);
  assert.match(asNobody.out, /0000_open/);
  assert.doesNotMatch(asNobody.out, /secret/);
});
