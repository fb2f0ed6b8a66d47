// Bad input: each gets a sentence that names the thing, the mount stands wherever anything can be shown, and a journal that cannot be
// vouched for is refused.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { copyFixture, Database, filesBelow, fixtures, host, journalOf, makeDatabase, makeFolder, migfs, migrate, migratedDatabase, mount, run } from './lib.mjs';

const incident = path.join(fixtures, 'incident');
const secret = 'correct-horse-battery';

// ---- SOURCE and MOUNTPOINT ----

// Nothing can be shown: a status above 0, one line that matches, and no mount.
async function assertNoMount(test, source, pattern) {
  const view = await mount(test, source, ['--no-database']);
  assert.notEqual(view.code, 0);
  assert.match(view.said, pattern);
  assert.equal(view.said.trim().split('\n').length, 1, view.said);
  assert.deepEqual(fs.readdirSync(view.point), []);
}

test('a SOURCE that is not there is named', async (t) => {
  await assertNoMount(t, path.join(makeFolder(), 'gone'), /gone.*does not exist/);
});

test('a SOURCE that is not a directory is named', async (t) => {
  await assertNoMount(t, path.join(incident, '0000_plain_toad.sql'), /0000_plain_toad\.sql.*not a folder/);
});

test('a SOURCE that may not be read is named', () => {
  const source = copyFixture('incident');
  const point = makeFolder('mnt');
  fs.chmodSync(source, 0o700);
  // Root may read everything, so somebody else asks.
  const [command, ...args] = process.getuid() === 0
    ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.env.MIGFS] : [process.env.MIGFS];
  if (process.getuid() === 0) fs.chownSync(point, 65534, 65534);
  else fs.chmodSync(source, 0);
  const { code, err } = run(command, [...args, '--no-database', source, point]);
  fs.chmodSync(source, 0o700);
  assert.notEqual(code, 0);
  assert.match(err, /incident.*[Pp]ermission denied/);
});

test('a MOUNTPOINT that is not there is named', () => {
  const { code, err } = migfs(['--no-database', incident, path.join(makeFolder(), 'gone')]);
  assert.notEqual(code, 0);
  assert.match(err, /gone: there is no such folder/);
});

test('a MOUNTPOINT that is not a directory is named', () => {
  const file = path.join(makeFolder(), 'file');
  fs.writeFileSync(file, '');
  const { code, err } = migfs(['--no-database', incident, file]);
  assert.notEqual(code, 0);
  assert.match(err, /file.*not a folder/);
});

test('a MOUNTPOINT where a view is mounted already is an error, and that view stays', async (t) => {
  const view = await mount(t, incident, ['--no-database']);
  const { code, err } = migfs(['--no-database', incident, view.point]);
  assert.notEqual(code, 0);
  assert.match(err, /mounted/);
  assert.equal(view.list('status').length, 19);
});

// ---- the journal ----

test('a folder without a journal is one with an empty journal', async (t) => {
  const source = copyFixture('incident');
  fs.rmSync(journalOf(source));
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  assert.equal(view.problems('journal-missing').length, 1);
  assert.equal(view.list('state', 'unjournaled').length, 19);
  const database = makeDatabase();
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.equal(database.ledger().length, 19);
});

const unreadableJournals = [
  ['that is not JSON', () => '{"version": "7",\n  "entries": [oops]}', /_journal\.json:2:15: error: /],
  ['cut off in the middle', (text) => text.slice(0, 700), /_journal\.json:\d+:\d+: error: /],
  ['with a trailing comma', (text) => text.replace(/\n {2}\]\n\}$/, ',\n  ]\n}'), /_journal\.json:\d+:\d+: error: /],
  ['with conflict markers', (text) => text.replace('    {\n      "idx": 15', '<<<<<<< HEAD\n    {\n      "idx": 15'),
    /_journal\.json:\d+:\d+: error: .*conflict/],
  ['that begins with a byte order mark', (text) => `\ufeff${text}`, /_journal\.json:1:1: error: /],
  ['that is empty', () => '', /_journal\.json(:\d+)*: error: /],
  ['that is a list', () => '[]', /_journal\.json(:\d+)*: error: .*entries/],
  ['without entries', () => '{"version": "7", "dialect": "postgresql"}', /_journal\.json(:\d+)*: error: .*entries/],
];

for (const [how, spoil, pattern] of unreadableJournals) {
  test(`a journal ${how} is refused without a database, and everything else stays readable`, async (t) => {
    const source = copyFixture('incident');
    fs.writeFileSync(journalOf(source), spoil(fs.readFileSync(journalOf(source), 'utf8')));
    const view = await mount(t, source, ['--no-database']);
    assert.equal(view.code, 0, view.said);
    const [problem] = view.problems('journal-unreadable');
    assert.match(problem, pattern);
    assert.equal(view.list('status').length, 19);
    view.assertRefused();
    view.assertReadable();
    const print = migfs(['print', '--no-database', source, '_journal.json']);
    assert.equal(print.code, 2);
    assert.equal(print.out, '');
  });
}

test('a journal that cannot be read is rebuilt only where every file has run', async (t) => {
  const database = makeDatabase();
  assert.equal(migrate(incident, database).code, 0);
  const source = copyFixture('incident');
  const good = fs.readFileSync(journalOf(source));
  fs.writeFileSync(journalOf(source), '{"entries": [');
  const view = await mount(t, source, [`--database=${database.url}`]);
  assert.equal(view.problems('journal-unreadable').length, 1);
  view.assertRefused();
  fs.writeFileSync(journalOf(source), good);
  view.sync();
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.equal(database.ledger().length, 19);
  fs.writeFileSync(journalOf(source), '{"entries": [');
  view.sync();
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 19);
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.equal(database.ledger().length, 19);
});

test('a journal that is repaired is served again', async (t) => {
  const source = copyFixture('incident');
  const good = fs.readFileSync(journalOf(source));
  fs.writeFileSync(journalOf(source), '{');
  const view = await mount(t, source, ['--no-database']);
  view.assertRefused();
  fs.writeFileSync(journalOf(source), good);
  view.sync();
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 19);
  assert.deepEqual(view.problems('journal-unreadable'), []);
});

// ---- databases ----

const postgres = new Database('postgres');
postgres.query(`create role locked login password '${secret}'; create role stranger login`);
const [[hba]] = postgres.query('show hba_file');
fs.writeFileSync(hba, `local all locked scram-sha-256\n${fs.readFileSync(hba, 'utf8')}`);
// The server does it later; a session tells what it was begun with.
const loadTime = () => postgres.query('select pg_conf_load_time()')[0][0];
for (const before = loadTime(), asked = postgres.query('select pg_reload_conf()'); asked && loadTime() === before;);

const deployed = () => migratedDatabase(incident);

// The mount stands, says what is wrong on standard error and in `problems`, and refuses its journal. `seconds`: how long the database may take;
// long, since with less a slow machine is what is said to be wrong.
async function assertUnreadable(test, url, pattern, seconds = 60) {
  const [source, timeout] = [incident, `--timeout=${seconds}`];
  const view = await mount(test, source, [timeout], { DATABASE_URL: url });
  assert.equal(view.code, 0, view.said);
  assert.match(view.said, pattern);
  assert.match(view.said, /default/);
  const [problem, ...more] = view.problems('database-unreadable');
  assert.deepEqual(more, []);
  assert.match(problem, /: error: /);
  assert.match(problem, /default/);
  assert.match(problem, pattern);
  assert.equal(view.status('0000_plain_toad', 'database default'), 'unknown');
  assert.equal(view.status('0000_plain_toad', 'state'), 'unknown');
  view.assertRefused();
  view.assertReadable();
  const print = migfs(['print', timeout, source, '_journal.json'], { DATABASE_URL: url });
  assert.equal(print.code, 2);
  assert.equal(print.out, '');
  assert.equal(migfs(['check', timeout, source], { DATABASE_URL: url }).code, 2);
  return view;
}

test('a server that is not there', async (t) => {
  await assertUnreadable(t, 'postgresql:///shop?host=/nowhere/at/all&user=postgres', /\/nowhere\/at\/all/);
});

test('a port where nobody listens', async (t) => {
  await assertUnreadable(t, 'postgresql://postgres@127.0.0.1:1/shop', /127\.0\.0\.1.*refused/);
});

test('a host that nobody knows', async (t) => {
  await assertUnreadable(t, 'postgresql://postgres@no-such-host.invalid/shop', /no-such-host\.invalid/, 2); // a resolver may never answer
});

test('a database that the server does not have', async (t) => {
  await assertUnreadable(t, `postgresql:///nowhere_to_be_found?host=${host}&user=postgres`, /nowhere_to_be_found.*does not exist/);
});

test('a wrong password, which is never shown', async (t) => {
  const { name } = deployed();
  const url = `postgresql://locked:wrong-${secret}@/${name}?host=${host}`;
  const view = await assertUnreadable(t, url, /password authentication failed/);
  assert.ok(!view.said.includes(secret));
  for (const file of filesBelow(view.point)) {
    if (!file.endsWith('_journal.json')) assert.ok(!view.read(file).includes(secret), file);
  }
});

test('a password is in no argument that others may see', async (t) => {
  const database = deployed();
  database.query('grant usage on schema drizzle to locked; grant select on all tables in schema drizzle to locked');
  const view = await mount(t, incident, [`--database=postgresql://locked:${secret}@/${database.name}?host=${host}`]);
  assert.equal(view.list('state', 'applied').length, 16, view.said);
  for (const id of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let command;
    try {
      command = fs.readFileSync(`/proc/${id}/cmdline`, 'utf8');
    } catch {
      continue; // it has ended
    }
    assert.ok(!command.includes(secret), command);
  }
});

test('a user who may not read the ledger', async (t) => {
  const { name } = deployed();
  await assertUnreadable(t, `postgresql:///${name}?host=${host}&user=stranger`, /permission denied/);
});

test('a ledger that is not a ledger', async (t) => {
  const database = makeDatabase();
  database.query('create schema drizzle; create table drizzle.__drizzle_migrations (id int)');
  await assertUnreadable(t, database.url, /hash|created_at/);
});

test('a connection string that is none is an error before anything is mounted', async (t) => {
  const view = await mount(t, incident, ['--database=dbname=shop host']);
  assert.notEqual(view.code, 0);
  assert.match(view.said, /default|--database/);
  assert.deepEqual(fs.readdirSync(view.point), []);
});

test('a database that comes back is read, and the journal is served again', async (t) => {
  const database = makeDatabase();
  const [{ name }, away] = [database, `${database.name}_away`];
  const admin = new Database('postgres');
  admin.query(`alter database ${name} rename to ${away}`);
  const view = await assertUnreadable(t, database.url, /does not exist/);
  admin.query(`alter database ${away} rename to ${name}`);
  view.sync();
  assert.deepEqual(view.problems('database-unreadable'), []);
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 19);
});

test('a database that goes away while it is mounted is said, and its last rows stay to be seen', async (t) => {
  const database = deployed();
  const admin = new Database('postgres');
  const view = await mount(t, incident, [`--database=${database.url}`]);
  admin.query(`drop database ${database.name} with (force)`);
  view.sync();
  assert.equal(view.problems('database-unreadable').length, 1);
  view.assertRefused();
  assert.ok(view.lines('databases', 'default', 'ledger').length >= 16);
});

test('--stale=serve goes on serving the journal of a database that was read before', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`, '--stale=serve']);
  const served = view.read('_journal.json');
  new Database('postgres').query(`drop database ${database.name} with (force)`);
  view.sync();
  assert.equal(view.problems('database-unreadable').length, 1);
  assert.equal(view.read('_journal.json'), served);
});

test('a ledger with a row whose created_at is NULL is refused', async (t) => {
  const database = deployed();
  database.query("insert into drizzle.__drizzle_migrations (hash) values ('x')");
  const view = await mount(t, incident, [`--database=${database.url}`]);
  assert.equal(view.problems('null-created-at').length, 1);
  view.assertRefused();
  view.assertReadable();
});

// ---- writing ----

test('nothing in the view can be written: every attempt says that it is read-only', async (t) => {
  const view = await mount(t, incident, ['--no-database']);
  const file = view.path('_journal.json');
  const attempts = {
    create: () => fs.writeFileSync(view.path('new'), ''),
    write: () => fs.writeFileSync(file, ''),
    append: () => fs.appendFileSync(view.path('problems'), 'x'),
    truncate: () => fs.truncateSync(file, 0),
    unlink: () => fs.unlinkSync(file),
    rename: () => fs.renameSync(file, view.path('other')),
    link: () => fs.linkSync(file, view.path('other')),
    symlink: () => fs.symlinkSync('x', view.path('migrations', 'x.sql')),
    mkdir: () => fs.mkdirSync(view.path('status', 'x')),
    rmdir: () => fs.rmdirSync(view.path('state', 'missing')),
    chmod: () => fs.chmodSync(file, 0o666),
    chown: () => fs.chownSync(file, 1, 1),
    utimes: () => fs.utimesSync(file, 1, 1),
  };
  for (const [name, attempt] of Object.entries(attempts)) assert.throws(attempt, { code: 'EROFS' }, name);
});
