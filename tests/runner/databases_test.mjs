// The ways to name a database, the ledgers that may be found there, and none at all.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { copyFixture, fixtures, host, leftOut, makeDatabase, makeFolder, migfs, migrate, migratedDatabase, mount, sha256, tagsOf } from './lib.mjs';

const incident = path.join(fixtures, 'incident');

const deployed = (env) => migratedDatabase(incident, env);

// What tells that a view has read a database that has been migrated by the stock runner.
function assertJoined(view, name = 'default') {
  assert.equal(view.code, 0, view.said);
  assert.deepEqual(view.list('databases').filter((each) => each !== 'overview'), [name]);
  assert.equal(view.list('state', 'applied').length, 16);
  assert.deepEqual(view.problems('database-unreadable'), []);
}

test('without a database disk and journal are joined, and listed migrations are journaled', async (t) => {
  const view = await mount(t, incident);
  assert.equal(view.code, 0, view.said);
  assert.equal(view.said, '');
  assert.equal(view.list('state', 'journaled').length, 16);
  assert.deepEqual(view.list('state', 'unjournaled'), leftOut);
  assert.deepEqual(view.list('state', 'applied'), []);
  assert.deepEqual(view.list('databases'), ['overview']);
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 19);
});

test('DATABASE_URL names the database default', async (t) => {
  assertJoined(await mount(t, incident, [], { DATABASE_URL: deployed().url }));
});

test('--no-database leaves DATABASE_URL alone', async (t) => {
  const view = await mount(t, incident, ['--no-database'], { DATABASE_URL: deployed().url });
  assert.deepEqual(view.list('databases'), ['overview']);
  assert.equal(view.list('state', 'journaled').length, 16);
});

test('--database goes before DATABASE_URL', async (t) => {
  const view = await mount(t, incident, [`--database=${deployed().url}`], { DATABASE_URL: makeDatabase().url });
  assertJoined(view);
});

test('--database takes a URI', async (t) => {
  assertJoined(await mount(t, incident, [`--database=${deployed().url}`]));
});

test('--database takes the keywords of libpq', async (t) => {
  assertJoined(await mount(t, incident, [`--database=${deployed().keywords}`]));
});

test('--database takes a name', async (t) => {
  assertJoined(await mount(t, incident, [`--database=staging=${deployed().url}`]), 'staging');
});

test('--database-file reads what it names', async (t) => {
  const file = path.join(makeFolder('secret'), 'url');
  fs.writeFileSync(file, `${deployed().url}\n`, { mode: 0o600 });
  assertJoined(await mount(t, incident, [`--database-file=${file}`]));
});

test('the parameters of other drivers in a URL are dropped, and that is said', async (t) => {
  const view = await mount(t, incident, [], { DATABASE_URL: `${deployed().url}&schema=public&pgbouncer=true&connection_limit=1` });
  assertJoined(view);
  for (const parameter of ['schema', 'pgbouncer', 'connection_limit']) assert.ok(view.said.includes(parameter), view.said);
});

test('a host may be given as the URL-encoded folder of its socket', async (t) => {
  const { name } = deployed();
  assertJoined(await mount(t, incident, [], { DATABASE_URL: `postgres://postgres@${encodeURIComponent(host)}/${name}` }));
});

test('an empty database is a fresh one: everything is pending', async (t) => {
  const view = await mount(t, incident, [`--database=${makeDatabase().url}`]);
  assert.equal(view.said, '');
  assert.equal(view.list('state', 'pending').length, 16);
  assert.deepEqual(view.problems('database-unreadable'), []);
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 19);
});

test('a schema without a ledger is a fresh database, and so is an empty ledger', async (t) => {
  const database = makeDatabase();
  database.query('create schema drizzle');
  const view = await mount(t, incident, [`--database=${database.url}`]);
  assert.equal(view.list('state', 'pending').length, 16);
  database.query('create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)');
  view.sync();
  assert.equal(view.list('state', 'pending').length, 16);
  assert.deepEqual(view.problems('database-unreadable'), []);
});

test('the ledger may have another schema and another name', async (t) => {
  const names = { MIGRATIONS_SCHEMA: 'deploy Log', MIGRATIONS_TABLE: "it's \"done\"" };
  const database = deployed(names);
  const view = await mount(t, incident, [
    `--database=${database.url}`, `--migrations-schema=${names.MIGRATIONS_SCHEMA}`, `--migrations-table=${names.MIGRATIONS_TABLE}`,
  ]);
  assertJoined(view);
  assert.equal(migrate(view.migrations, database, names).code, 0);
  assert.deepEqual(tagsOf(database.ledger(`"deploy Log"."it's ""done"""`).slice(16), incident), leftOut);
  view.sync();
  assert.equal(view.status('0019_webauthn_mfa', 'database default'), 'applied');
});

test('with the wrong name of the ledger the database looks fresh', async (t) => {
  const view = await mount(t, incident, [`--database=${deployed().url}`, '--migrations-table=other']);
  assert.equal(view.list('state', 'pending').length, 16);
});

test('a user who may only read the ledger is enough', async (t) => {
  const database = deployed();
  database.query(`do $$ begin create role reader login; exception when duplicate_object then null; end $$;
    grant usage on schema drizzle to reader; grant select on all tables in schema drizzle to reader`);
  assertJoined(await mount(t, incident, [`--database=${database.url.replace('user=postgres', 'user=reader')}`]));
});

test('a file that was edited after it ran is modified, and does not run again', async (t) => {
  const database = deployed();
  const source = copyFixture('incident');
  fs.appendFileSync(path.join(source, '0015_saml_support.sql'), '-- reviewed\n');
  const view = await mount(t, source, [`--database=${database.url}`]);
  assert.deepEqual(view.list('state', 'modified'), ['0015_saml_support']);
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.deepEqual(tagsOf(database.ledger().slice(16), source), leftOut);
});

test('the daemon never touches the database: its ledger and its tables stay as they are', async (t) => {
  const database = makeDatabase();
  const view = await mount(t, incident, [`--database=${database.url}`]);
  assert.equal(view.list('state', 'pending').length, 16);
  assert.deepEqual(database.query("select nspname from pg_namespace where nspname = 'drizzle'"), []);
});

test('sync waits for what a database has to say, however long that takes', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`, '--poll=3600', '--timeout=600']);
  const applied = () => leftOut.filter((tag) => view.status(tag, 'database default') === 'applied');
  // Until this transaction ends nobody can read the ledger.
  const session = spawn('psql', ['-Xqd', database.keywords], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => session.kill());
  session.stdin.write(`begin; lock table drizzle.__drizzle_migrations;
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('${sha256(path.join(incident, `${leftOut[0]}.sql`))}', 1759655000001);
    \\echo locked\n`);
  await once(session.stdout, 'data');
  const sync = spawn('sync', [view.path('problems')]);
  const ended = once(sync, 'exit');
  while (database.query("select pid from pg_stat_activity where application_name = 'migfs' and wait_event_type = 'Lock'").length === 0) {
    assert.equal(sync.exitCode, null);
    await new Promise(setImmediate);
  }
  assert.equal(sync.exitCode, null);
  assert.deepEqual(applied(), []);
  session.stdin.end('commit;\n');
  assert.deepEqual(await ended, [0, null]);
  // One snapshot holds for ledger and catalogs, and that of this refresh may be older than the commit.
  view.sync();
  assert.deepEqual(applied(), [leftOut[0]]);
});

test('migfs print needs no mount and no /dev/fuse, and prints the consistent journal for a build', () => {
  const { code, out } = migfs(['print', `--database=${deployed().url}`, incident, '_journal.json']);
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).entries.length, 19);
});
