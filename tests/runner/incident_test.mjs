// The incident from end to end: what the stock runner does with the folder, and what it does with the view of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  copyFixture, fixtures, journalOf, leftOut, lines, makeDatabase, migfs, migrate, migrateApart,
  migratedDatabase, mount, readJournal, run, sha256, tagsOf, writeJournal,
} from './lib.mjs';

const incident = path.join(fixtures, 'incident');
const incidentMissing = path.join(fixtures, 'incident-missing');
const tables = ['webauthn_credentials', 'webauthn_challenges', 'account_security'];
const allTags = fs.readdirSync(incident).filter((name) => name.endsWith('.sql')).map((name) => name.slice(0, -4)).sort();
const listedTags = allTags.filter((tag) => !leftOut.includes(tag));
const newStamps = [1759655034380, 1759655057984, 1759655113793];

// A database as the incident's team had it: the stock runner has been there.
const deployed = () => migratedDatabase(incident);

test('the stock runner says that it succeeded and leaves three migrations out', () => {
  const database = makeDatabase();
  const { code, out } = migrateApart(incident, database);
  assert.equal(code, 0);
  assert.match(out, /Migrations completed successfully/);
  assert.deepEqual(tagsOf(database.ledger(), incident), listedTags);
  for (const table of tables) assert.ok(!database.hasTable(table), table);
});

test('the view names the three that were left out, and why', async (t) => {
  const view = await mount(t, incident, [`--database=${deployed().url}`]);
  assert.equal(view.code, 0, view.said);
  assert.deepEqual(view.list('state', 'unjournaled'), leftOut);
  assert.deepEqual(view.list('state', 'applied'), listedTags);
  assert.equal(view.problems('unjournaled').length, 3);
  for (const tag of leftOut) {
    assert.equal(view.status(tag, 'state'), 'unjournaled');
    assert.equal(view.status(tag, 'journal'), 'no');
    assert.match(view.status(tag, 'drizzle'), /never runs it/);
    assert.match(view.status(tag, 'consistent'), /runs in default/);
    assert.equal(view.status(tag, 'sha256'), sha256(path.join(incident, `${tag}.sql`)));
    assert.equal(view.status(tag, 'database default'), 'not-applied');
    assert.ok(view.problems('unjournaled').some((line) => line.startsWith(`${tag}.sql: error: `)), tag);
  }
  assert.equal(view.status('0019_webauthn_mfa', 'statements'), '7');
  assert.equal(view.status('0019_webauthn_mfa', 'when'), '1759655034380 (was -) 2025-10-05T09:03:54.380Z');
});

test('the view warns once of the migrations behind the newest snapshot', async (t) => {
  const view = await mount(t, incident, ['--no-database']);
  const lines = view.problems('snapshot-missing');
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^0014_add_chart_columns_baseline\.sql: warning: .* and 5 more come after the newest snapshot/);
  assert.equal(view.status('0013_drop_dummy_table', 'snapshot') === 'missing', false);
});

test('the consistent journal is the one on disk with three entries more', async (t) => {
  const view = await mount(t, incident, [`--database=${deployed().url}`]);
  const disk = fs.readFileSync(journalOf(incident), 'utf8');
  const served = view.read('_journal.json');
  const kept = disk.slice(0, disk.lastIndexOf('\n  ]\n}'));
  assert.equal(served.slice(0, kept.length), kept);
  assert.equal(served, JSON.stringify(JSON.parse(served), null, 2));
  const { entries } = JSON.parse(served);
  assert.equal(entries.length, 19);
  assert.deepEqual(entries.slice(16), leftOut.map((tag, i) => ({
    idx: 19 + i, version: '7', when: newStamps[i], tag, breakpoints: true,
  })));
  assert.equal(view.read('migrations', 'meta', '_journal.json'), served);
  assert.equal(view.lines('changes').filter((line) => line.includes(': added ')).length, 3);
  leftOut.forEach((tag, i) => assert.ok(view.lines('changes')[i].includes(tag), tag));
});

test('through the view the runner runs exactly the three, in order', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`]);
  const before = database.ledger();
  const { code, err } = migrate(view.migrations, database);
  assert.equal(code, 0, err);
  const after = database.ledger();
  assert.deepEqual(after.slice(0, 16), before);
  assert.deepEqual(tagsOf(after.slice(16), incident), leftOut);
  assert.deepEqual(after.slice(16).map(({ when }) => when), newStamps);
  for (const table of tables) assert.ok(database.hasTable(table), table);
});

test('once they have run the view says applied, and problems are fewer by three', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`]);
  const before = view.lines('problems');
  assert.equal(migrate(view.migrations, database).code, 0);
  view.sync();
  for (const tag of leftOut) assert.equal(view.status(tag, 'database default'), 'applied');
  assert.deepEqual(view.list('databases', 'default', 'state', 'applied'), allTags);
  const after = view.lines('problems');
  assert.equal(before.filter((line) => line.includes(': error: ')).length, 3);
  assert.deepEqual(after.filter((line) => line.includes(': error: ')), []);
  // An empty database would still lack them: that is said once nothing else is.
  const left = after.filter((line) => !line.endsWith('[journal-incomplete]'));
  assert.equal(left.length, before.length - 3, after.join('\n'));
});

test('through the view a second run does nothing', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`]);
  assert.equal(migrate(view.migrations, database).code, 0);
  view.sync();
  const rows = database.ledger();
  assert.equal(rows.length, 19);
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.deepEqual(database.ledger(), rows);
});

test('a second run does nothing even before the view has seen the first', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`, '--poll=3600']);
  assert.equal(migrate(view.migrations, database).code, 0);
  const rows = database.ledger();
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.deepEqual(database.ledger(), rows);
});

test('through the view all nineteen run on an empty database, in order', async (t) => {
  const database = makeDatabase();
  const view = await mount(t, incident, [`--database=${database.url}`]);
  const { code, err } = migrate(view.migrations, database);
  assert.equal(code, 0, err);
  assert.deepEqual(tagsOf(database.ledger(), incident), allTags);
});

test('a view made without a database runs all nineteen on an empty one', async (t) => {
  const database = makeDatabase();
  const view = await mount(t, incident, ['--no-database']);
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.deepEqual(tagsOf(database.ledger(), incident), allTags);
});

test('the stock runner aborts on an entry without a file', () => {
  const { code, err } = migrateApart(incidentMissing, makeDatabase());
  assert.equal(code, 1);
  assert.match(err, /No file .*0004_magical_bucky\.sql found/);
});

test('the view drops an entry without a file, says so, and the rest runs', async (t) => {
  const database = makeDatabase();
  // As it was deployed before the entry came in.
  const earlier = copyFixture('incident-missing');
  const journal = readJournal(journalOf(earlier));
  writeJournal(earlier, { ...journal, entries: journal.entries.slice(0, 4) });
  assert.equal(migrate(earlier, database).code, 0);
  assert.equal(database.ledger().length, 4);

  const view = await mount(t, incidentMissing, [`--database=${database.url}`]);
  assert.deepEqual(view.list('state', 'missing'), ['0004_magical_bucky']);
  assert.equal(view.problems('missing').length, 1);
  assert.match(view.problems('missing')[0], /: error: .*0004_magical_bucky|0004_magical_bucky.*: error: /);
  assert.equal(view.lines('changes').length, 1);
  assert.match(view.lines('changes')[0], /0004_magical_bucky/);
  assert.deepEqual(JSON.parse(view.read('_journal.json')).entries,
    journal.entries.filter(({ tag }) => tag !== '0004_magical_bucky'));

  const { code, err } = migrate(view.migrations, database);
  assert.equal(code, 0, err);
  assert.deepEqual(tagsOf(database.ledger().slice(4), incidentMissing), ['0007_overjoyed_vivisector']);
});

test('a view of the folder with the missing file runs on an empty database', async (t) => {
  const database = makeDatabase();
  const view = await mount(t, incidentMissing, [`--database=${database.url}`]);
  assert.equal(migrate(view.migrations, database).code, 0);
  assert.equal(database.ledger().length, 5);
});

test('committing the consistent journal leaves nothing to change: it is served byte for byte', async (t) => {
  const source = copyFixture('incident');
  const database = deployed();
  const first = await mount(t, source, [`--database=${database.url}`]);
  const consistent = fs.readFileSync(first.path('_journal.json'));
  fs.writeFileSync(journalOf(source), consistent);
  first.sync();
  assert.deepEqual(fs.readFileSync(first.path('_journal.json')), consistent);
  assert.deepEqual(first.lines('changes').filter((line) => !/^meta\/\d+_snapshot\.json: made /.test(line)), []);
  assert.deepEqual(first.problems('unjournaled'), []);
  assert.equal(migrate(source, database).code, 0);
  assert.deepEqual(tagsOf(database.ledger(), source), allTags);
});

test('a journal that is consistent is served byte for byte, however it is written', async (t) => {
  const source = copyFixture('incident');
  for (const tag of leftOut) fs.rmSync(path.join(source, `${tag}.sql`));
  const { entries, ...rest } = readJournal(journalOf(source));
  const odd = `${JSON.stringify({ ...rest, note: 'kept', entries: entries.map((entry) => ({ ...entry, by: 'hand' })) }, null, '\t')}\n\n`;
  fs.writeFileSync(journalOf(source), odd);
  const database = makeDatabase();
  assert.equal(migrate(source, database).code, 0);
  for (const options of [['--no-database'], [`--database=${database.url}`], [`--database=${makeDatabase().url}`]]) {
    const view = await mount(t, source, options);
    assert.equal(view.read('_journal.json'), odd);
    assert.equal(run('cmp', [journalOf(source), view.path('migrations/meta/_journal.json')]).code, 0);
    assert.deepEqual(view.lines('changes').filter((line) => !/^meta\/\d+_snapshot\.json: made /.test(line)), []);
  }
});

test('migrations/ holds the source folder as it is, but for the journal and the snapshots that are made', async (t) => {
  const view = await mount(t, incident, ['--no-database']);
  const { out } = run('diff', ['--recursive', '--brief', incident, view.migrations]);
  const made = [14, 15, 16, 17, 18, 19, 20, 21].map((number) => `Only in ${path.join(view.migrations, 'meta')}: 00${number}_snapshot.json`);
  assert.deepEqual(out.trim().split('\n').sort(), [...made, `Files ${journalOf(incident)} and ${journalOf(view.migrations)} differ`].sort());
});

test('sync returns when a migration that came before it is to be seen', async (t) => {
  const source = copyFixture('incident');
  const view = await mount(t, source, ['--no-database', '--poll=3600']);
  for (let n = 0; n < 5; n++) {
    fs.writeFileSync(path.join(source, `01${n}0_later.sql`), `select ${n};\n`);
    view.sync();
    assert.equal(view.status(`01${n}0_later`, 'state'), 'unjournaled');
  }
  assert.equal(lines(view.path('changes')).filter((line) => line.includes(': added ')).length, 8);
});

test('migfs print prints what the view holds', async (t) => {
  const database = deployed();
  const options = [`--database=${database.url}`];
  const view = await mount(t, incident, options);
  for (const file of ['_journal.json', 'problems', 'summary', 'status/0019_webauthn_mfa', 'databases/default/ledger']) {
    const { code, out } = migfs(['print', ...options, incident, file]);
    assert.equal(code, 0, file);
    assert.equal(out, view.read(file), file);
  }
});

test('migfs check prints the problems and ends with 1 while there are some', async (t) => {
  const database = deployed();
  const view = await mount(t, incident, [`--database=${database.url}`]);
  const { code, out } = migfs(['check', `--database=${database.url}`, incident]);
  assert.equal(code, 1);
  assert.equal(out.replaceAll(`${incident}/`, ''), view.read('problems'));
});
