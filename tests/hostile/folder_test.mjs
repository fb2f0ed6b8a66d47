// Names and kinds of files that nobody expects in a folder of migrations.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { filesBelow, makeFolder, mount, run, View } from '../runner/lib.mjs';
import { assertAllReadable, assertOneProblem, entry, fill, input, journal, mostMemory } from './lib.mjs';

const isRoot = process.getuid() === 0;

test('whatever a name holds, its file has one line among the problems and the view stays clean text', async (t) => {
  const long = (character) => {
    const length = Math.floor((255 - '0040_.sql'.length) / Buffer.byteLength(character));
    return `0040_${character.repeat(length)}.sql`;
  };
  const names = [
    '0001_line\nbreak.sql', '0002_tab\ttab.sql', '0003_\x1b[31mred\x1b[0m.sql', '0004_\x1b]0;title\x07.sql', '0005_carriage\rreturn.sql',
    '0006_"double".sql', "0007_'single'.sql", '0008_`$(reboot)`.sql', '0009_back\\slash.sql', '0010_%s%n%99999d.sql', '0011_ blank .sql',
    '0012_\u202eright-to-left.sql', '0013_zero\u200bwidth.sql', '0014_\u0085next-line.sql', '0015_\u2028separator.sql', '0016_\x7f.sql',
    '0017_\ufeff.sql', '0018_[code].sql', '0019_x: error: forged [missing].sql', '0020_\x01\x02\x03.sql', '0021_<script>.sql', '0022_é.sql',
    '0023_e\u0301.sql', '0024_{"json":1}.sql', '0025_*.sql', '0026_😀.sql', '0027_\u009b31m.sql', '0028_#.sql', '0029_~.sql', '0030_%2e%2e.sql',
    long('a'), long('é'), long('\x1b'), long('\n'), long('\u202e'),
  ].map((name) => Buffer.from(name));
  const illFormed = [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0xaf], [0x80]];
  for (const [i, bytes] of illFormed.entries()) {
    names.push(Buffer.concat([Buffer.from(`005${i}_`), Buffer.from(bytes), Buffer.from('.sql')]));
  }
  const source = fill(makeFolder(), {}, journal());
  for (const [i, name] of names.entries()) fs.writeFileSync(Buffer.concat([Buffer.from(`${source}/`), name]), `select ${i};\n`);
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  assertAllReadable(view);
  // Those whose bytes are UTF-8 are unlisted migrations; no journal can name the others.
  const told = [...view.problems('unjournaled'), ...view.problems('held')];
  assert.equal(new Set(told).size, input(names.length, names.length), view.read('problems'));
  assert.equal(fs.readdirSync(view.migrations).length, names.length + 1);
  assert.equal(fs.readdirSync(view.path('status')).length, names.length);
});

test('a hundred thousand files are shown, listed once each, in bounded memory', async (t) => {
  const count = input(100_000);
  // In memory where there is such a place: making the files is not what is tested.
  const source = fill(fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : makeFolder(), 'migfs-')), {},
    journal(entry(0, '000000_first')));
  t.after(() => fs.rmSync(source, { recursive: true }));
  for (let i = 0; i < count; i++) {
    fs.writeFileSync(`${source}/${String(i).padStart(6, '0')}_${i === 0 ? 'first' : 'file'}.sql`, `select ${i};`);
  }
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  assert.equal(new Set(view.list('status')).size, count);
  assert.equal(view.list('migrations').length, count + 1);
  assert.equal(view.problems('unjournaled').length, count - 1);
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, count);
  assert.match(view.read('status', '099999_file'), /^state: unjournaled$/m);
  const memory = mostMemory(view);
  t.diagnostic(`${count} files: ${Math.round(memory)} MiB`);
  assert.ok(memory < 1536, `${memory} MiB`);
});

// ---- kinds ----

// What must never be opened, each with what `problems` says of it.
async function makeOddKinds(source, outside) {
  const at = (name) => path.join(source, name);
  fs.mkdirSync(at('0001_directory.sql'));
  run('mkfifo', [at('0002_fifo.sql')]);
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(at('0003_socket.sql'), resolve); });
  fs.symlinkSync('/etc/shadow', at('0005_shadow.sql'));
  fs.symlinkSync('/proc/self/environ', at('0006_environ.sql'));
  fs.symlinkSync('nowhere.sql', at('0007_dangling.sql'));
  fs.symlinkSync('0008_loop.sql', at('0008_loop.sql'));
  fs.symlinkSync(`../${path.basename(outside)}/secret.sql`, at('0009_above.sql'));
  fs.symlinkSync('0002_fifo.sql', at('0010_to_fifo.sql'));
  fs.symlinkSync('meta', at('0011_to_directory.sql'));
  fs.symlinkSync(`${outside}`, at('elsewhere'));
  fs.symlinkSync('/proc/self/root/etc/shadow', at('0012_magic.sql'));
  const told = {
    '0001_directory.sql': /is a directory/, '0002_fifo.sql': /is a FIFO/, '0003_socket.sql': /is a socket/,
    '0005_shadow.sql': /leads out of the folder/, '0006_environ.sql': /leads out of the folder/, '0007_dangling.sql': /dangling/,
    '0008_loop.sql': /loop/, '0009_above.sql': /leads out of the folder/, '0010_to_fifo.sql': /link to a FIFO/,
    '0011_to_directory.sql': /link to a directory/, '0012_magic.sql': /leads out of the folder/,
  };
  if (isRoot) {
    run('mknod', [at('0004_device.sql'), 'c', '1', '5']);
    told['0004_device.sql'] = /is a device/;
  }
  return { server, told };
}

// Every opening that strace saw succeed, as [flags, path]; O_PATH opens nothing.
function openings(log) {
  return fs.readFileSync(log, 'utf8').split('\n')
    .map((line) => /open(?:at2?)?\((.*)\) = \d+<(.*)>$/.exec(line)).filter(Boolean)
    .map((found) => [found[1], found[2]]).filter(([call]) => !call.includes('O_PATH'));
}

test('thousands of objects that hand-written SQL changes cost memory by their number, and are not followed without end', async (t) => {
  const number = (count) => Array.from({ length: count }, (_, i) => i);
  const names = number(50).map((i) => `c${i}`);
  const column = (name) => [name, { name, type: 'integer', primaryKey: false, notNull: false }];
  const parts = { indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false };
  const table = (name) => [`public.${name}`, { name, schema: '', columns: Object.fromEntries(names.map(column)), ...parts }];
  const tables = number(120).map((i) => `t${i}`);
  const snapshot = {
    id: '00000000-0000-4000-8000-000000000001', prevId: '00000000-0000-0000-0000-000000000000', version: '7', dialect: 'postgresql',
    tables: Object.fromEntries(tables.map(table)), enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {},
    _meta: { columns: {}, schemas: {}, tables: {} },
  };
  const makes = (name) => `CREATE TABLE ${name} (${names.map((it) => `${it} integer`).join(', ')});`;
  const source = fill(makeFolder(), {
    '0000_tables.sql': tables.map(makes).join('\n--> statement-breakpoint\n'),
    '0001_by_hand.sql': tables.flatMap((name) => names.map((it) => `ALTER TABLE ${name} DROP COLUMN ${it};`)).join('\n'),
  }, journal(entry(0, '0000_tables'), entry(1, '0001_by_hand')));
  fs.writeFileSync(path.join(source, 'meta/0000_snapshot.json'), JSON.stringify(snapshot, null, 2));
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  view.sync();
  assertOneProblem(view, '0001_by_hand', 'snapshot-missing', /line 5001: hand-written SQL makes or changes more than 5000 objects/);
  const memory = mostMemory(view);
  t.diagnostic(`${input(tables.length * names.length)} changes: ${Math.round(memory)} MiB`);
  assert.ok(memory < 256, `${memory} MiB`);
});

test('a stack of 64 KiB is enough for each command', () => {
  const source = fill(makeFolder(), { '0000_first.sql': 'select 1;\n', '0001_second.sql': 'create table t (a int);\n' }, journal(entry(0, '0000_first')));
  const secret = path.join(makeFolder('secret'), 'url');
  fs.writeFileSync(secret, 'postgresql://nobody@127.0.0.1:1/none', { mode: 0o600 });
  const git = (...words) => run('git', ['-C', source, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words]);
  for (const words of ['init -q', 'add -A', 'commit -qm all']) git(...words.split(' '));
  const commands = [
    ['check', '--no-database', source], ['check', '--no-database', '--base-ref=HEAD', source], ['check', `--database-file=one=${secret}`, source],
    ['check', '--no-database', `--base=${source}/meta/_journal.json`, source], ['print', '--no-database', source, 'problems'],
    ['print', '--no-database', source, 'migrations/0001_second.sql'], ['explain', 'missing'], ['fix', '--no-database', source],
  ];
  for (const words of commands) {
    const { status, signal, stderr } = spawnSync('prlimit', ['--stack=65536', process.env.MIGFS, ...input(words)], { encoding: 'utf8' });
    assert.equal(signal, null, words.join(' '));
    assert.ok(status <= 2 && !/usage/i.test(stderr), `${words.join(' ')}: ${status}, ${stderr}`);
  }
});

test('what is not a regular file, or leads out of the folder, is never opened and has one line each', async (t) => {
  const outside = makeFolder('outside');
  fs.writeFileSync(`${outside}/secret.sql`, 'the secret');
  const source = fill(makeFolder(), { '0020_real.sql': 'select 20;\n', '0021_twin.sql': '' }, journal(entry(20, '0020_real')));
  fs.writeFileSync(`${outside}/linked.sql`, 'select 22;\n');
  fs.linkSync(`${outside}/linked.sql`, `${source}/0022_hard_link.sql`);
  fs.symlinkSync('0020_real.sql', `${source}/0023_link_within.sql`);
  const { server, told } = await makeOddKinds(source, outside);
  t.after(() => server.close());
  const point = makeFolder('mnt');
  const log = `${point}.strace`;
  // In the foreground and in sight of strace from its first call to its last.
  const child = spawn('strace', ['-f', '-y', '-s', '4096', '-e', 'trace=open,openat,openat2', '-o', log, process.env.MIGFS, '-f', '--no-database',
    source, point], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  await new Promise((resolve, reject) => {
    child.stderr.on('data', (said) => (String(said).includes('is mounted on') ? resolve() : undefined));
    child.on('exit', () => reject(new Error('migfs ended')));
  });
  const view = new View(point, source, 0, '');
  try {
    assertAllReadable(view);
    for (const [name, pattern] of Object.entries(told)) {
      assertOneProblem(view, `${input(name)}: `, 'bad-file', pattern);
      assert.equal(fs.existsSync(view.path('migrations', name)) && !name.includes('directory'), false, name);
    }
    assert.equal(view.read('migrations', '0022_hard_link.sql'), 'select 22;\n');
    assert.equal(view.read('migrations', '0023_link_within.sql'), 'select 20;\n');
    assert.equal(fs.existsSync(view.path('migrations/elsewhere/secret.sql')), false);
  } finally {
    run('fusermount3', ['-u', point]);
    await ended;
  }
  const opened = openings(log);
  assert.ok(opened.some(([, file]) => file.endsWith('0020_real.sql')), 'strace has seen the openings');
  // The address sanitizer reads the environment of the process by itself.
  const isSanitized = fs.readFileSync(process.env.MIGFS).includes('__asan_init');
  for (const [call, file] of opened) {
    if (isSanitized && /^(AT_FDCWD\S*, )?"\/proc\/self\/environ"/.test(call)) continue;
    assert.doesNotMatch(file, /shadow|environ|secret|_(fifo|socket|device|dangling|loop)|\/outside/, call);
    assert.ok(!file.startsWith('/dev/') || /^\/dev\/(null|fuse|urandom)/.test(file), file);
  }
});

test('a sparse file of 2 GB is refused and costs no memory', async (t) => {
  const source = fill(makeFolder(), { '0000_a.sql': 'select 1;\n', '0001_sparse.sql': '' }, journal(entry(0, '0000_a')));
  fs.truncateSync(`${source}/0001_sparse.sql`, input(2 ** 31));
  fs.writeFileSync(`${source}/meta/0001_snapshot.json`, '');
  fs.truncateSync(`${source}/meta/0001_snapshot.json`, input(2 ** 31));
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  assertOneProblem(view, '0001_sparse.sql: ', 'bad-file', /larger than 64 MiB/);
  assertAllReadable(view);
  const memory = mostMemory(view);
  t.diagnostic(`two sparse files of 2 GiB: ${Math.round(memory)} MiB`);
  assert.ok(memory < 256, `${memory} MiB`);
});

test('a file that may not be read has one line, and the others are shown', () => {
  const source = fill(makeFolder(), { '0000_a.sql': 'select 1;\n', [input('0001_locked.sql')]: 'select 2;\n' }, journal(entry(0, '0000_a')));
  fs.chmodSync(`${source}/0001_locked.sql`, 0);
  // Root may read everything, so somebody else asks.
  const [command, ...args] = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.env.MIGFS] : [process.env.MIGFS];
  const { out } = run(command, [...args, 'check', '--no-database', source]);
  const lines = out.split('\n').filter((line) => line.startsWith(`${source}/0001_locked.sql: `));
  assert.equal(lines.length, 1, out);
  assert.match(lines[0], /cannot be read: Permission denied.*\[bad-file\]$/);
  assert.match(run(command, [...args, 'print', '--no-database', source, 'status/0000_a']).out, /^state: journaled$/m);
});

test('names that differ in case alone have one line', async (t) => {
  const source = fill(makeFolder(), { '0001_users.sql': 'select 1;\n', [input('0001_Users.sql')]: 'select 2;\n' },
    journal(entry(1, '0001_users'), entry(2, '0001_Users')));
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.problems('case-clash').length, 1, view.read('problems'));
  assertAllReadable(view);
});

test('folders within folders within folders end in a line, not in a crash', async (t) => {
  const source = fill(makeFolder(), { '0000_a.sql': 'select 1;\n' }, journal(entry(0, '0000_a')));
  let deep = source;
  for (let i = 0; i < input(100); i++) fs.mkdirSync(deep = `${deep}/d`);
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.problems('bad-file').length, 1, view.read('problems'));
  assertAllReadable(view);
  assert.ok(filesBelow(view.migrations).length >= 2);
});

test('a rules file may hold anything', async (t) => {
  const rules = ['\0', '\x1b[2J', 'exclude', 'exclude [', `exclude ${'*'.repeat(10_000)}a`, 'applied x nosuch', 'frobnicate *.sql'];
  const source = fill(makeFolder(), { [`0000_${'a'.repeat(200)}.sql`]: 'select 1;\n' }, journal(entry(0, '0000_a')));
  fs.writeFileSync(`${source}/.migfs`, rules.join('\n'));
  input(rules, rules.length);
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  assertAllReadable(view);
  assert.ok(view.problems('bad-rule').length >= 4, view.read('problems'));
  fs.writeFileSync(`${source}/.migfs`, input(Buffer.from('exclude *.sql\n\xff\xfe', 'latin1')));
  view.sync();
  assert.equal(view.problems('bad-rule').length, 1, view.read('problems'));
  assertAllReadable(view);
});
