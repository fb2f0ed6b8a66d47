// Ledgers that Drizzle never wrote: odd values, odd columns, and a ledger that does something when it is read.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDatabase, makeFolder, mount } from '../runner/lib.mjs';
import { assertAllReadable, assertOneProblem, entry, fill, input, journal, mostMemory } from './lib.mjs';

const LEDGER = 'drizzle.__drizzle_migrations';
const makeSource = () => fill(makeFolder(), { '0000_a.sql': 'select 1;\n' }, journal(entry(0, '0000_a')));

// A mounted view and its ledger, which is made anew for each input.
async function mounted(t, columns = 'id serial primary key, hash text, created_at bigint') {
  const database = makeDatabase();
  database.query('create schema drizzle');
  const view = await mount(t, makeSource(), [`--database=${database.url}`]);
  assert.equal(view.code, 0, view.said);
  return {
    view,
    give(sql, columnsNow = columns) {
      database.query(`drop table if exists ${LEDGER}; create table ${LEDGER} (${columnsNow}); ${input(sql)}`);
      view.sync();
      assertAllReadable(view);
    },
  };
}

const insert = (hash, createdAt) => `insert into ${LEDGER} (hash, created_at) values (${hash}, ${createdAt})`;

test('any hash makes one row of the ledger, and one line where it is of no migration', async (t) => {
  const { view, give } = await mounted(t);
  const hashes = ['null', "''", "repeat('x', 1048576)", "E'a\\nb'", "E'a\\r\\nb\\tc'", "E'\\x1b[31mred'", "E'\\u009b31m'", "E'\\u202e'", "E'\\x7f\\x01'", "'-'",
    "'../../etc/passwd'", "'%s%n'", "'\"'", "repeat(E'\\x1b', 1024)", "repeat(U&'\\+01F600', 1000)", "' '", "E'\\\\'"];
  for (const hash of hashes) {
    give(insert(hash, 5));
    assert.equal(view.lines('databases/default/ledger').filter((line) => !line.startsWith('#') && !/^id\t/.test(line)).length, 1, view.read('databases/default/ledger'));
    assert.equal(['unknown-row', 'shared-ledger', 'wrong-database'].flatMap((code) => view.problems(code)).length, 1, `${hash}: ${view.read('problems')}`);
    assert.match(view.status('0000_a', 'state'), /^pending$/);
  }
  assert.ok(mostMemory(view) < 128, `${mostMemory(view)} MiB`);
});

test('created_at may be NULL, negative, or at either end of its range', async (t) => {
  const ledger = await mounted(t), { view } = ledger;
  // A row of the migration stands beside each: a ledger with none would be the database of another project.
  const known = insert(`'${createHash('sha256').update('select 1;\n').digest('hex')}'`, entry(0, '0000_a').when);
  const give = (sql) => ledger.give(`${known}; ${sql}`);
  give(insert("'x'", 'null'));
  assertOneProblem(view, 'database default', 'null-created-at');
  view.assertRefused();
  give(insert("'x'", '9223372036854775807'));
  assertOneProblem(view, 'database default', 'watermark-future');
  view.assertRefused();
  for (const stamp of ['-9223372036854775808', '-1', '0', '9007199254740993', '-9007199254740993']) {
    give(insert("'x'", stamp));
    assert.ok(view.read('databases/default/ledger').includes(`\t${stamp}`), view.read('databases/default/ledger'));
  }
  give(`${insert("'x'", 'null')}; ${insert("'y'", '-9223372036854775808')}; ${insert("'z'", '9223372036854775807')}`);
  view.assertRefused();
});

test('columns of another type, or none, are one line, and the journal is refused until they are right again', async (t) => {
  const { view, give } = await mounted(t);
  const refused = ['id int, hash text', 'id int, created_at bigint', 'x int', 'id int, hash text, created_at timestamptz', 'id int, hash text, created_at text',
    'id int, hash text, created_at bigint[]', 'id int, hash text, created_at jsonb', 'id int, hash text, created_at boolean', 'id int, hash text, created_at double precision',
    `id int, hash text, "created_at${'x'.repeat(40)}" bigint`, '"\x1b[31m" int'];
  for (const columns of refused) {
    give('select 1', columns);
    assertOneProblem(view, 'database default', 'database-unreadable');
    view.assertRefused();
  }
  const taken = ['id uuid, hash text, created_at bigint', 'hash text, created_at bigint', 'id int, hash bytea, created_at bigint', 'id int, hash jsonb, created_at int',
    'id int, hash text[], created_at smallint', 'id text, hash varchar(64), created_at numeric', 'created_at bigint, hash text, id bigint, extra text'];
  for (const columns of taken) {
    give('select 1', columns);
    assert.equal(view.problems('database-unreadable').length, 0, `${columns}: ${view.read('problems')}`);
  }
  for (const value of ["'NaN'", '1.5', "'Infinity'", '1e30']) {
    give(`insert into ${LEDGER} values (1, 'x', ${value})`, 'id int, hash text, created_at numeric');
    assertOneProblem(view, 'database default', 'database-unreadable');
  }
});

test('more rows than any project has are one line, in bounded memory', async (t) => {
  const { view, give } = await mounted(t);
  give(`insert into ${LEDGER} (hash, created_at) select md5(i::text), i from generate_series(1, 200001) i`);
  assertOneProblem(view, 'database default', 'database-unreadable', /more than 200000 rows/);
  t.diagnostic(`200,001 rows: ${Math.round(mostMemory(view))} MiB`);
  assert.ok(mostMemory(view) < 512, `${mostMemory(view)} MiB`);
});

test('eight readers that sync without a pause have the database read at most ten times a second', async (t) => {
  const database = makeDatabase();
  const view = await mount(t, makeSource(), [`--database=${database.url}`, '--poll=60']);
  const sessions = () => Number(new (database.constructor)('postgres').query(`select sessions from pg_stat_database where datname = '${database.name}'`)[0][0]);
  const before = sessions(), begun = performance.now();
  const readers = Array.from({ length: 8 }, () => spawn('sh', ['-c', 'while :; do sync "$1"; done', 'sh', view.path('problems')], { detached: true, stdio: 'ignore' }));
  await sleep(3000);
  for (const reader of readers) process.kill(-reader.pid, 'SIGKILL');
  view.sync();
  const read = sessions() - before, seconds = (performance.now() - begun) / 1000;
  t.diagnostic(`${read} sessions in ${seconds.toFixed(1)} s`);
  assert.ok(read >= 1 && read <= 10 * seconds + 2, `${read} sessions in ${seconds} s`);
});
