// Who may see what of a mounted view, that nobody changes it, and what the daemon behind it has given up.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { filesBelow, host, makeDatabase, makeFolder, mount, run } from '../runner/lib.mjs';

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

// What somebody else gets to read of a file, or what `cat` says that keeps them from it.
function asNobody(file) {
  const { code, out, err } = run('setpriv', [...NOBODY, 'cat', file], { LC_ALL: 'C' });
  return code === 0 ? out.trim() : err;
}

function isRefused(view, ...names) {
  return /^cat: .*: (Permission denied|Operation not permitted)\n$/.test(asNobody(view.path(...names)));
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

// ---- every kind of user, of permissions and of access control lists ----

// The owner of some files, members of their group, and users and groups whom lists name.
const USERS = {
  owner: [1001, [1001]], member: [1002, [2001]], named: [1003, [1003]], 'named member': [1004, [2001]], 'in the named group': [1005, [2002]],
  'in both groups': [1006, [2001, 2002]], 'in the other group': [1007, [0]], nobody: [65534, [65534]],
};
const LISTS = ['', 'u:1003:---', 'u:1003:r--', 'u:1004:---', 'u:1004:r--', 'g:2002:---', 'g:2002:r--', 'g:2002:r--,m::---', 'u:1001:---', 'u:1003:rwx,g::---', 'u:65534:---,g:0:r--'];

// Which of the files this user can read.
function readableBy([uid, groups], files) {
  const script = 'console.log(JSON.stringify(JSON.parse(process.argv[1]).filter((file) => { try { fs.readFileSync(file); return true } catch { return false } })))';
  const { out, err } = run('setpriv', [`--reuid=${uid}`, `--regid=${groups[0]}`, `--groups=${groups}`, process.execPath, '-e', script, JSON.stringify(files)]);
  assert.equal(err, '');
  return new Set(JSON.parse(out));
}

function setAccess(path, owner, group, mode, list = '') {
  fs.chownSync(path, owner, group);
  fs.chmodSync(path, mode);
  if (list !== '') assert.equal(run('setfacl', ['-m', list, path]).err, '');
}

function makeMixedSource() {
  const source = makeSource(), plain = []; // files right in the source that have no list
  let number = 0;
  const add = (folder, ...access) => {
    const name = `${folder}${String(++number).padStart(4, '0')}_mixed.sql`;
    fs.writeFileSync(`${source}/${name}`, `select ${number};\n`);
    setAccess(`${source}/${name}`, ...access);
    return name;
  };
  for (const owner of [0, 1001]) {
    for (const group of [0, 2001]) {
      for (const mode of [0o644, 0o640, 0o604, 0o044]) {
        for (const list of LISTS) add('', owner, group, mode, list);
        plain.push(add('', owner, group, mode));
      }
    }
  }
  // Folders, and links into them.
  for (const [index, access] of [[0, 0, 0o750], [1001, 2001, 0o750], [1001, 2001, 0o705], ...LISTS.slice(1).map((list) => [0, 2001, 0o755, list.replaceAll('r--', '--x')])].entries()) {
    fs.mkdirSync(`${source}/inner${index}`);
    for (const owners of [[0, 0], [1001, 2001]]) fs.symlinkSync(add(`inner${index}/`, ...owners, 0o644), `${source}/${String(++number).padStart(4, '0')}_link.sql`);
    setAccess(`${source}/inner${index}`, ...access);
  }
  return { source, plain };
}

for (const [of, ...access] of [['everybody', 0, 0, 0o755], ['a group', 0, 2001, 0o750], ['everybody, though one may not list it', 0, 0, 0o755, 'u:1003:--x'], ['all but one group', 0, 0, 0o755, 'g:2002:---']]) {
  test(`of a source of ${of}, nobody reads through the view what they cannot read in the source, whatever lists say`, onlyRoot, async (t) => {
    const { source, plain } = makeMixedSource();
    setAccess(source, ...access);
    const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
    const names = filesBelow(source).concat(fs.readdirSync(source).filter((name) => name.endsWith('_link.sql')));
    const tags = view.list('status').filter((tag) => fs.existsSync(`${source}/${tag}.sql`));
    let given = 0;
    for (const [who, user] of Object.entries(USERS)) {
      const readable = readableBy(user, [...names.map((name) => `${source}/${name}`), ...names.map((name) => view.path('migrations', name)),
        ...tags.map((tag) => view.path('status', tag)), view.path('summary'), view.path('_journal.json')]);
      const may = (name) => readable.has(`${source}/${name}`), does = (...name) => readable.has(view.path(...name));
      for (const name of names.filter((it) => it !== 'meta/_journal.json' && does('migrations', it))) {
        if (!may(name)) assert.fail(`${who} reads migrations/${name}: ${run('getfacl', ['-p', fs.realpathSync(`${source}/${name}`)]).out}`);
        given++;
      }
      for (const tag of tags.filter((it) => does('status', it))) assert.ok(may(`${tag}.sql`), `${who} reads status/${tag}`);
      for (const name of ['_journal.json', 'migrations/meta/_journal.json'].filter((it) => does(it))) assert.ok(may('meta/_journal.json'), `${who} reads ${name}`);
      if (does('summary')) assert.ok(names.filter((name) => !name.includes('/')).every(may), `${who} reads the summary`);
      // Where there is no list, everything is carried over.
      for (const name of access.length > 3 ? [] : plain.filter(may)) assert.ok(does('migrations', name), `${who} does not read migrations/${name}`);
    }
    console.log(`# ${given} readings by ${Object.keys(USERS).length} users, each allowed in the source`);
  });
}

test('a list that is changed while the view is mounted is heeded', onlyRoot, async (t) => {
  const source = makeSource();
  const view = await mount(t, source, ['-o', 'allow_other', '--no-database']);
  assert.equal(isRefused(view, 'migrations/0000_open.sql'), false);
  for (const [list, refused] of [['u:65534:---', true], ['u:65534:r--', false], ['m::---', true]]) {
    setAccess(`${source}/0000_open.sql`, 0, 0, 0o644, list);
    view.sync();
    for (const name of ['migrations/0000_open.sql', 'status/0000_open', 'summary']) assert.equal(isRefused(view, name), refused, `${name} with ${list}`);
  }
});

test('without allow_other a list takes nothing away from the user who mounts', onlyRoot, async (t) => {
  const source = makeSource();
  setAccess(`${source}/0000_open.sql`, 0, 0, 0o644, 'u:1003:---');
  const view = await mount(t, source, ['--no-database']);
  assert.equal(fs.statSync(view.path('migrations/0000_open.sql')).mode & 0o777, 0o444);
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

const fieldsOf = (file) => Object.fromEntries(fs.readFileSync(file, 'utf8').split('\n').map((line) => line.split(':\t')));

// The processes that speak with servers, and the one that forks them.
function databaseProcessesOf(view) {
  const isOurs = (pid) => fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').at(-2) === view.point
    && fs.readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('migfs-databases');
  return fs.readdirSync('/proc').filter((name) => {
    try { return /^\d+$/.test(name) && isOurs(name); } catch { return false; }
  });
}

// They can read, and have no descriptor but their sockets.
function assertConfined(pid) {
  const CAP_DAC_READ_SEARCH = 1n << 2n;
  const status = fieldsOf(`/proc/${pid}/status`);
  for (const set of ['CapPrm', 'CapEff']) assert.equal(BigInt(`0x${status[set]}`) & ~CAP_DAC_READ_SEARCH, 0n, set);
  assert.equal(BigInt(`0x${status.CapInh}`), 0n);
  assert.equal(status.NoNewPrivs, '1');
  assert.equal(status.Seccomp, '2');
  for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) assert.match(fs.readlinkSync(`/proc/${pid}/fd/${fd}`), /^(socket:|\/dev\/null$)/, fd);
}

// Field by field, of each thread.
function statusesOf(view) {
  const pid = fs.readdirSync('/proc').find((name) => {
    try {
      return fs.readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0').at(-2) === view.point;
    } catch {
      return false; // no process, or one that has ended
    }
  });
  return fs.readdirSync(`/proc/${pid}/task`).map((task) => fieldsOf(`/proc/${pid}/task/${task}/status`));
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

test('started by root, the processes that speak with servers can read, and have no descriptor but their sockets', onlyRoot, async (t) => {
  const sockets = new Set();
  const silent = net.createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  t.after(() => { silent.close(); for (const socket of sockets) socket.destroy(); });
  await once(silent, 'listening');
  const view = await mount(t, makeSource(), [`--database=postgres://u@127.0.0.1:${silent.address().port}/d`, '--timeout=1', '--poll=3600']);
  const asked = once(spawn('sync', [view.path('problems')]), 'exit'); // a session that waits; the view is busy as long
  for (const end = Date.now() + 20_000; databaseProcessesOf(view).length < 2; await sleep(10)) assert.ok(Date.now() < end, 'the one that makes sessions, and a session');
  for (const pid of databaseProcessesOf(view)) assertConfined(pid);
  await asked;
});

test('the process that makes them is made again where it was killed, and is confined like the first', onlyRoot, async (t) => {
  const database = makeDatabase();
  const view = await mount(t, makeSource(), [`--database=${database.url}`, '--poll=3600']);
  const first = databaseProcessesOf(view);
  assert.ok(first.length >= 1);
  for (const pid of first) process.kill(Number(pid), 'SIGKILL');
  view.sync();
  const second = databaseProcessesOf(view);
  // A session may end while it is looked at; the one that makes them stays.
  const isConfined = (pid) => {
    try { assertConfined(pid); return true; } catch (error) { if (fs.existsSync(`/proc/${pid}/fd/0`)) throw error; return false; }
  };
  assert.ok(second.filter((it) => !first.includes(it)).map(isConfined).some(Boolean));
  assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
});

test("a server's socket that is closed to root is not read, and is once the group may", onlyRoot, async (t) => {
  const database = makeDatabase(), socket = `${host}/.s.PGSQL.5432`;
  const { mode, uid, gid } = fs.statSync(socket);
  t.after(() => { fs.chownSync(socket, uid, gid); fs.chmodSync(socket, mode & 0o777); });
  assert.notEqual(uid, 0);
  fs.chmodSync(socket, 0o770);
  const view = await mount(t, makeSource(), [`--database=${database.url}`]);
  assert.match(view.read('problems'), /Permission denied.*\[database-unreadable\]$/m);
  fs.chownSync(socket, uid, 0);
  view.sync();
  assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
});

test('where no filter may be set, root ends instead of serving without; where the kernel has none, it serves', onlyRoot, async (t) => {
  const source = makeSource(), point = makeFolder('mnt');
  const isMounted = () => fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${point} `);
  t.after(() => { if (isMounted()) run('umount', [point]); });
  const refused = run(process.env.MIGFS_TEST_REFUSED, ['EPERM', process.env.MIGFS, '--no-database', source, point]);
  assert.equal(refused.code, 1, refused.err);
  assert.match(refused.err, /^migfs: error: the seccomp filter could not be installed, since the filter of a service manager or a container does not allow seccomp\(2\): Operation not permitted$/m);
  assert.equal(isMounted(), false);
  const absent = run(process.env.MIGFS_TEST_REFUSED, ['ENOSYS', process.env.MIGFS, '--no-database', source, point]);
  assert.equal(absent.code, 0, absent.err);
  assert.equal(fs.readFileSync(`${point}/migrations/0000_open.sql`, 'utf8'), 'select 1;\n');
  const [{ Tgid }] = statusesOf({ point });
  assert.equal(run('umount', [point]).code, 0);
  while (fs.existsSync(`/proc/${Tgid.trim()}`)) await sleep(10);
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
  assert.equal(fs.statSync(`/proc/${pid}/fd`).uid, 65534, 'it is dumpable, so this folder is its own');
  process.kill(Number(pid), 'SIGTERM');
  while (fs.existsSync(`/proc/${pid}`)) run('true', []);
  assert.ok(!fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(point));
});

test('where the worker that parses SQL cannot be confined, nothing is parsed, and that is the reason given', () => {
  const source = makeSource();
  for (const code of ['EPERM', 'ENOSYS']) {
    const printed = run(process.env.MIGFS_TEST_REFUSED, [code, process.env.MIGFS, 'print', '--no-database', source, 'status/0000_open']);
    assert.match(printed.out, /^effects: unknown \(no process could be started to parse it\)$/m, printed.err);
  }
});
