// Who may see what of a mounted view, that nobody changes it, and what the daemon behind it has given up.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { filesBelow, makeDatabase, makeFolder, mount, run } from '../runner/lib.mjs';

const isRoot = process.getuid() === 0;
const onlyRoot = { skip: !isRoot && 'only root mounts for others without asking' };
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];

// A source with a migration and a journal for all, and what `more` adds.
function makeSource(more = {}) {
  const source = makeFolder('source');
  fs.mkdirSync(`${source}/meta`);
  const entry = { idx: 0, version: '7', when: 1_700_000_000_000, tag: '0000_open', breakpoints: true };
  const files = { '0000_open.sql': 'select 1;\n', 'meta/_journal.json': JSON.stringify({ version: '7', dialect: 'postgresql', entries: [entry] }), ...more };
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(`${source}/${name}`, content);
    fs.chmodSync(`${source}/${name}`, 0o644);
  }
  return source;
}

// What somebody else gets to read of a file, or the code of the error.
function asNobody(file) {
  const script = 'try { process.stdout.write(require("fs").readFileSync(process.argv[1])) } catch (error) { console.log("!" + error.code) }';
  return run('setpriv', [...NOBODY, process.execPath, '-e', script, file]).out.trim();
}

function isRefused(view, ...names) {
  return ['!EACCES', '!EPERM'].includes(asNobody(view.path(...names)));
}

const GENERATED = ['summary', 'problems', 'changes', 'status.json', 'status/0000_open', '_journal.json', 'migrations/meta/_journal.json', 'databases/default/ledger'];

test('others read through the view what they can read in the source', onlyRoot, async (t) => {
  const view = await mount(t, makeSource(), ['-o', 'allow_other', `--database=${makeDatabase().url}`]);
  for (const name of [...GENERATED, 'README', 'migrations/0000_open.sql']) assert.equal(isRefused(view, name), false, name);
});

test('without allow_other nobody else sees anything', onlyRoot, async (t) => {
  const view = await mount(t, makeSource(), ['--no-database']);
  for (const name of ['', 'summary', 'migrations']) assert.ok(isRefused(view, name), name);
});

test('of a source that only its owner may read, others read nothing', onlyRoot, async (t) => {
  const source = makeSource();
  fs.chmodSync(source, 0o700);
  const view = await mount(t, source, ['-o', 'allow_other', `--database=${makeDatabase().url}`]);
  for (const name of GENERATED) {
    assert.ok(isRefused(view, name), name);
    assert.equal(fs.statSync(view.path(name)).mode & 0o077 & fs.statSync(view.point).mode, 0, name);
  }
  assert.equal(fs.statSync(view.point).mode & 0o777, 0o500);
});

test('of a source in a folder that they cannot enter, others read nothing', onlyRoot, async (t) => {
  const above = makeFolder('above');
  fs.renameSync(makeSource(), `${above}/source`);
  fs.chmodSync(above, 0o750);
  const view = await mount(t, `${above}/source`, ['-o', 'allow_other', '--no-database']);
  for (const name of ['summary', 'migrations/0000_open.sql', 'README']) assert.ok(isRefused(view, name), name);
});

test('what is made of a file that others may not read, others may not read', onlyRoot, async (t) => {
  const source = makeSource({ '0001_closed.sql': "select 'the secret';\n" });
  fs.chmodSync(`${source}/0001_closed.sql`, 0o600);
  const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
  for (const name of ['migrations/0001_closed.sql', 'status/0001_closed', 'status.json', 'problems', 'summary', 'changes']) assert.ok(isRefused(view, name), name);
  // What tells nothing of it but its name, which the folder shows to all.
  for (const name of ['migrations/0000_open.sql', 'status/0000_open', '_journal.json', 'README']) assert.equal(isRefused(view, name), false, name);
});

test('of a journal that others may not read, others learn nothing', onlyRoot, async (t) => {
  for (const [name, mode] of [['meta/_journal.json', 0o600], ['meta', 0o700]]) {
    const source = makeSource();
    fs.chmodSync(`${source}/${name}`, mode);
    const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
    for (const it of GENERATED.filter((generated) => !generated.startsWith('databases'))) assert.ok(isRefused(view, it), `${it} with ${name} closed`);
    assert.equal(isRefused(view, 'migrations/0000_open.sql'), false);
  }
});

test('a link within the source opens no folder that is closed to others', onlyRoot, async (t) => {
  const source = makeSource();
  fs.mkdirSync(`${source}/closed`);
  fs.writeFileSync(`${source}/closed/inner.sql`, "select 'the secret';\n", { mode: 0o644 });
  fs.symlinkSync('closed/inner.sql', `${source}/0002_link.sql`);
  fs.chmodSync(`${source}/closed`, 0o700);
  const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
  for (const name of ['migrations/0002_link.sql', 'migrations/closed/inner.sql', 'status/0002_link']) assert.ok(isRefused(view, name), name);
});

test('owner and group count as they do in the source', onlyRoot, async (t) => {
  const source = makeSource({ '0001_theirs.sql': 'select 2;\n', '0002_group.sql': 'select 3;\n' });
  fs.chownSync(`${source}/0001_theirs.sql`, 65534, 0);
  fs.chmodSync(`${source}/0001_theirs.sql`, 0o400);
  fs.chownSync(`${source}/0002_group.sql`, 0, 65534);
  fs.chmodSync(`${source}/0002_group.sql`, 0o040);
  const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
  assert.equal(asNobody(view.path('migrations/0001_theirs.sql')), 'select 2;');
  assert.equal(asNobody(view.path('migrations/0002_group.sql')), 'select 3;');
  const { uid, gid, mode } = fs.statSync(view.path('migrations/0001_theirs.sql'));
  assert.deepEqual([uid, gid, mode & 0o7777], [65534, 0, 0o400]);
});

// ---- changes ----

const digestOf = (folder) => createHash('sha256').update(filesBelow(folder).sort().map((name) => {
  const { mode, mtimeMs, ctimeMs, size } = fs.statSync(`${folder}/${name}`);
  return [name, mode, mtimeMs, ctimeMs, size, fs.readFileSync(`${folder}/${name}`, 'base64')].join();
}).join('\n')).digest('hex');

test('no system call changes the view or the source', async (t) => {
  const source = makeSource();
  const view = await mount(t, source, ['--no-database']);
  const before = digestOf(source);
  let tried = 0;
  for (const [file, folder] of [['summary', 'status'], ['_journal.json', 'state'], ['migrations/0000_open.sql', 'migrations'], ['migrations/meta/_journal.json', 'migrations/meta'],
    ['state/journaled/0000_open', 'state/journaled'], ['status.json', 'databases']]) {
    const { code, out } = run(process.env.MIGFS_TEST_WRITES, [view.point, file, folder]);
    assert.equal(code, 0, `${file}, ${folder}: ${out}`);
    tried += Number(/^(\d+) tried$/m.exec(out)[1]);
  }
  assert.equal(digestOf(source), before);
  assert.deepEqual(view.list('status'), ['0000_open']);
  console.log(`# ${tried} changes tried`);
});

test('nothing in the view is run, and nothing is set-uid or a device', async (t) => {
  const source = makeSource({ 'run.sh': '#!/bin/sh\necho ran\n' });
  fs.copyFileSync('/bin/true', `${source}/true`);
  fs.chmodSync(`${source}/run.sh`, 0o755);
  fs.chmodSync(`${source}/true`, 0o6755);
  if (isRoot) run('mknod', [`${source}/null`, 'c', '1', '3']);
  const view = await mount(t, source, ['--no-database']);
  for (const name of ['run.sh', 'true']) {
    assert.equal(spawnSync(view.path('migrations', name)).error?.code, 'EACCES', name);
    assert.equal(fs.statSync(view.path('migrations', name)).mode & 0o7222, 0);
  }
  assert.equal(fs.existsSync(view.path('migrations/null')), false);
  const options = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n').find((line) => line.split(' ')[4] === view.point).split(' ')[5].split(',');
  for (const option of ['ro', 'nosuid', 'nodev', 'noexec']) assert.ok(options.includes(option), `${option} in ${options}`);
});

// ---- the daemon ----

// Field by field, of each thread.
function statusesOf(view) {
  const pid = fs.readdirSync('/proc').find((name) => {
    try {
      return fs.readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0').at(-2) === view.point;
    } catch {
      return false; // no process, or one that has ended
    }
  });
  return fs.readdirSync(`/proc/${pid}/task`).map((task) => Object.fromEntries(
    fs.readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8').split('\n').map((line) => line.split(':\t'))));
}

test('started by root, every thread keeps the capabilities to unmount and to read, and can get no others', onlyRoot, async (t) => {
  const database = makeDatabase();
  const view = await mount(t, makeSource(), [`--database=${database.url}`]);
  const CAP_DAC_READ_SEARCH = 1n << 2n, CAP_SYS_ADMIN = 1n << 21n;
  const bounding = BigInt(`0x${/CapBnd:\s*(\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]}`);
  const statuses = statusesOf(view);
  assert.ok(statuses.length >= 5, `${statuses.length} threads`);
  for (const status of statuses) {
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) assert.equal(BigInt(`0x${status[set]}`), (CAP_DAC_READ_SEARCH | CAP_SYS_ADMIN) & bounding, set);
    for (const set of ['CapInh', 'CapAmb']) assert.equal(BigInt(`0x${status[set]}`), 0n, set);
    assert.equal(status.NoNewPrivs, '1');
    assert.equal(status.Seccomp, '2');
  }
  // And it still works: a refresh, a database, and the unmounting at the end.
  database.query('create schema drizzle');
  view.sync();
  assert.equal(view.problems('database-unreadable').length, 0);
});

test('started by somebody else, it is seen by nobody else, and can still unmount by fusermount3', { skip: !isRoot && 'we are somebody else' }, async () => {
  const source = makeSource();
  const point = makeFolder('mnt');
  fs.chownSync(point, 65534, 65534);
  const { code, err } = run('setpriv', [...NOBODY, process.env.MIGFS, '--no-database', source, point]);
  if (code !== 0 && /\/dev\/fuse|fusermount/.test(err)) assert.fail(`an ordinary user cannot mount here: ${err}`);
  assert.equal(code, 0, err);
  assert.deepEqual(statusesOf({ point }).map((status) => status.NoNewPrivs).filter((it) => it !== '0'), []);
  assert.throws(() => fs.readdirSync(point), { code: 'EACCES' }, 'root does not see it either');
  // SIGTERM ends it, and the mount with it.
  const pid = statusesOf({ point })[0].Tgid.trim();
  process.kill(Number(pid), 'SIGTERM');
  while (fs.existsSync(`/proc/${pid}`)) run('true', []);
  assert.ok(!fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(point));
});
