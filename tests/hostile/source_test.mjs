// A source that stops answering when a large file, which is not kept in memory, is read once more for a view: databases, other files,
// `sync` and the end go on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDatabase, makeFolder, run } from '../runner/lib.mjs';
import { entry, fill, input, journal } from './lib.mjs';

const PATIENCE = 60_000; // for what must happen at all
const LARGE = '0002_large';

async function until(isSo, what) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      if (isSo()) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    assert.ok(Date.now() < end, what);
    await sleep(20);
  }
}

const isMounted = (point) => fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${point} `);

// More than the parser takes, so that its text is searched for the names that a database lacks, each time that a view is made.
const unparsed = `-- ${'x'.repeat(5 << 20)}\nselect 2;\n`;
// More than is kept in memory, and parsed.
const parsed = `-- ${'x'.repeat(3 << 19)}\ncreate table large (id integer);\n`;
const hash = (sql) => createHash('sha256').update(sql).digest('hex');

// A view of a source that can be told to hang, with a database in which the first migration has run, by its row, but its table is gone.
async function begin(t, large, only = [], sql = '') {
  const files = { '0000_gone.sql': 'create table gone (id integer);\n', '0001_small.sql': 'select 1;\n', [`${LARGE}.sql`]: large };
  const tags = Object.keys(files).map((name) => name.slice(0, -4));
  const folder = fill(makeFolder(), files, journal(...tags.map((tag, i) => entry(i, tag))));
  const database = makeDatabase();
  database.query(`create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text, created_at bigint); ${sql}`);
  const ran = (i) => database.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash(Object.values(files)[i])}', ${entry(i, '').when})`);
  ran(0);
  const source = makeFolder('hanging'), point = makeFolder('mnt'), flag = `${point}.flag`;
  const hanging = spawn(process.env.MIGFS_TEST_HANG, [flag, folder, source, ...only], { stdio: 'ignore' });
  const left = [hanging];
  t.after(() => {
    fs.rmSync(flag, { force: true });
    for (const place of [point, source]) if (isMounted(place)) run('umount', ['--lazy', place]);
    for (const child of left) child.kill('SIGKILL');
  });
  await until(() => isMounted(source), 'the source is not mounted');
  const daemon = spawn(process.env.MIGFS, ['-f', '--poll=1', '--timeout=1', `--database=${database.url}`, source, point], { stdio: 'ignore' });
  left.push(daemon);
  const ended = new Promise((resolve) => { daemon.on('exit', (code) => resolve(code)); });
  const read = (name) => fs.readFileSync(`${point}/${name}`, 'utf8');
  const problems = (code) => read('problems').split('\n').filter((line) => line.endsWith(` [${code}]`));
  const sync = async () => {
    const child = spawn('sync', [`${point}/problems`], { stdio: 'ignore' });
    left.push(child);
    const status = await Promise.race([new Promise((resolve) => { child.on('exit', resolve); }), sleep(PATIENCE, 'sync does not return', { ref: false })]);
    assert.equal(status, 0);
  };
  await until(() => isMounted(point) && read('README') !== '', 'the view is not mounted');
  return {
    folder, ran, read, problems, sync, source, point,
    hang() { fs.writeFileSync(flag, ''); input(large); },
    answer() { fs.rmSync(flag); },
    // Whatever hangs: the daemon ends by a signal, with status 0 and no mount left.
    async end() {
      daemon.kill('SIGTERM');
      assert.equal(await Promise.race([ended, sleep(PATIENCE, 'it does not end', { ref: false })]), 0);
      assert.equal(isMounted(point), false);
    },
  };
}

const state = (view, tag) => /^state: (.*)$/m.exec(view.read(`status/${tag}`))[1];
const silent = (view) => view.problems('bad-file').filter((line) => line.startsWith(`${LARGE}.sql: error: has not answered for 1 second `));

test('a large file that hangs when it is read once more holds up neither databases, other files, sync nor the end', async (t) => {
  const view = await begin(t, unparsed, ['reads', `${LARGE}.sql`]);
  const gone = () => /^effects default: (.*)$/m.exec(view.read('status/0000_gone'))[1];
  const known = gone();
  assert.equal(known, '0 of 2 there');
  assert.deepEqual(silent(view), []);
  view.hang();
  // The database goes on.
  view.ran(1);
  await until(() => state(view, '0001_small') === 'applied', 'the new row does not show');
  // It is said of the file, and of it alone; the journal is served.
  await until(() => silent(view).length === 1, view.read('problems'));
  await view.sync();
  assert.equal(view.problems('bad-file').length, 1, view.read('problems'));
  assert.equal(gone(), 'unknown'); // it may name the table that is gone
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 3);
  // Other files of the folder go on.
  fs.writeFileSync(`${view.folder}/0009_new.sql`, 'select 9;\n');
  await view.sync();
  assert.match(view.read('status/0009_new'), /^state: /m);
  assert.equal(view.read('migrations/0009_new.sql'), 'select 9;\n');
  // So does the database, still; the migration is recognized by its row, whatever can be read of it.
  view.ran(2);
  await until(() => state(view, LARGE) === 'applied', 'the row of the file that hangs does not show');
  view.answer();
  await until(() => silent(view).length === 0, 'it is said still');
  await view.sync();
  assert.equal(gone(), known);
  view.hang();
  await view.sync();
  await view.end();
});

test('one that hangs when its SQL is to be parsed is unknown until it answers', async (t) => {
  // Of a database with so many relations only what the SQL names is read.
  const many = 'do $$ begin for i in 1..2100 loop execute format(\'create view many%s as select 1\', i); end loop; end $$; create table large (id integer); create table other (id integer);';
  const view = await begin(t, parsed, ['reads', `${LARGE}.sql`, 'again'], many);
  const there = () => /^effects default: (.*)$/m.exec(view.read(`status/${LARGE}`))[1];
  assert.equal(there(), '2 of 2 there');
  const effects = () => /^effects: (.*)$/m.exec(view.read(`status/${LARGE}`))[1];
  assert.match(effects(), /creates table large/);
  // Another version, which is read by the scan and then once more. It is older than what the kernel's clock for files tells apart.
  const other = `${parsed}create table other (id integer);\n`;
  fs.writeFileSync(`${view.folder}/${LARGE}.sql`, other);
  await sleep(100);
  view.hang();
  await view.sync();
  assert.equal(silent(view).length, 1, view.read('problems'));
  assert.equal(effects(), 'unknown (its file has not answered for 1 second)');
  assert.match(view.read(`status/${LARGE}`), new RegExp(`^sha256: ${hash(other)}$`, 'm'));
  view.ran(1);
  await until(() => state(view, '0001_small') === 'applied', 'the new row does not show');
  view.answer();
  await until(() => /creates tables? large.* other/.test(effects()), 'its effects stay unknown');
  assert.deepEqual(silent(view), []);
  await view.sync();
  assert.equal(there(), '4 of 4 there');
  await view.end();
});

test('a whole source that hangs then holds up no database either', async (t) => {
  const view = await begin(t, unparsed);
  view.hang();
  view.ran(1);
  await until(() => state(view, '0001_small') === 'applied', 'the new row does not show');
  await view.sync();
  assert.equal(view.problems('source-missing').length, 1, view.read('problems'));
  view.ran(2);
  await until(() => state(view, LARGE) === 'applied', 'the next row does not show');
  view.answer();
  await until(() => view.problems('source-missing').length === 0 && silent(view).length === 0, view.read('problems'));
  assert.equal(JSON.parse(view.read('_journal.json')).entries.length, 3);
  await view.end();
});
