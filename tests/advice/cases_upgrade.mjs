// The upgrade to drizzle v1: each thing that `migfs check --upgrade` finds, in the folder or in a ledger. `fault`: its name there, or `row` and
// `run` for a ledger's lines; `line`: by what the sentence is found.
import fs from 'node:fs';
import { FIRST, LEDGER, sha256, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;
const journal = 'meta/_journal.json';
const snapshotOf = (n) => `meta/000${n}_snapshot.json`;
const table = (name) => `CREATE TABLE "${name}" (\n\t"id" integer\n);\n`;
const started = { id: '00000000-0000-4000-8000-000000000001', prevId: '00000000-0000-0000-0000-000000000000', version: '7', dialect: 'postgresql', tables: {}, enums: {}, schemas: {},
  sequences: {}, roles: {}, policies: {}, views: {}, _meta: { columns: {}, schemas: {}, tables: {} } };

const four = [['0000_start', at(0), '-- nothing yet\n'], ['0001_users', at(1), table('users')], ['0002_posts', at(2), table('posts')], ['0003_tags', at(3), table('tags')]];

// Snapshots as migfs makes them from the first, and all committed.
async function project(w, migrations = four) {
  for (const [tag, when, text] of migrations) {
    w.migration(tag, when, text);
    fs.rmSync(w.path(`meta/${tag.slice(0, 4)}_snapshot.json`));
  }
  w.file(snapshotOf(0), JSON.stringify(started, null, 2));
  const { code, err } = await w.alone('fix', w.name);
  if (code !== 0) throw new Error(err);
  await w.commit();
}

// All have run in `production`, and in `away`, which is not attached; the last has not in `behind`.
async function begun(w, migrations) {
  await project(w, migrations);
  await w.database('behind');
  await w.ran('behind', ...w.tags.slice(0, -1));
  await w.deploy(await w.database('production'));
  await w.deploy(await w.away('away'));
}

const changed = (n, change) => async (w) => {
  await begun(w);
  const snapshot = JSON.parse(fs.readFileSync(w.path(snapshotOf(n)), 'utf8'));
  change(snapshot);
  w.file(snapshotOf(n), JSON.stringify(snapshot, null, 2));
};

const without = (...files) => async (w) => {
  await begun(w);
  for (const file of files) fs.rmSync(w.path(file));
};

const entries = (change) => async (w) => {
  await begun(w);
  w.editEntry('0002_posts', (entry, { entries }) => change(entries, w));
};

export const upgrade = [
  // ---- the folder ----
  {
    fault: 'no-journal', step: 'check', line: /so nothing is converted; `migfs check` says how/,
    async make(w) {
      await begun(w);
      w.edit(journal, '');
    },
  },
  { fault: 'bad-entry', step: 'fix', line: /has no tag; `migfs fix` leaves it out/, make: entries((all) => all.splice(2, 0, { idx: 2, version: '7', when: at(2) - 5, breakpoints: true })) },
  { fault: 'bad-entry', step: 'fix', line: /has no tag; `migfs fix` leaves it out/, where: 'of a file that is there', make: entries((all) => { delete all[2].tag; }) },
  { fault: 'doubled-tag', step: 'fix', line: /lists it twice, and .*; `migfs fix` keeps the first/, make: entries((all) => all.push({ ...all[2], idx: 4, when: at(4) })) },
  {
    fault: 'bad-when', step: 'set when', line: /has no `when`, so .* set its `when` to \d+/, where: 'zero, and it has run',
    make: entries((all) => { all[2].when = 0; }),
  },
  {
    fault: 'bad-when', step: 'set when', line: /has no `when`, so/, where: 'missing, and it has run nowhere',
    async make(w) {
      await begun(w, [...four, ['0004_likes', at(4), table('likes')]]);
      for (const database of w.databases.splice(1)) database.release();
      w.named('behind').isAttached = true;
      w.editEntry('0004_likes', (entry) => { delete entry.when; });
    },
  },
  { fault: 'bad-when', step: 'set when below', line: /set its `when` to a time in milliseconds that is below all others/, make: entries((all) => { all[0].when = 0; }) },
  {
    fault: 'same-folder', step: 'rename it', line: /would become the same folder as .*; rename it to/,
    make: (w) => begun(w, [...four, ['0004_tags', at(3) + 400, table('more_tags')], ['0005_likes', at(5), table('likes')]]),
  },
  {
    fault: 'order', step: 'set when', line: /would not sort after that of .*; set its `when` to \d+/, where: 'in one that has it, 0.x would run it again',
    make: (w) => begun(w, [...four.slice(0, 3), ['0003_tags', at(1) - 5000, table('tags')]]),
  },
  {
    fault: 'order', step: 'set when', line: /would not sort after that of .*; set its `when` to \d+; every ledger/, where: 'below what is newer',
    make: (w) => begun(w, [...four.slice(0, 2), ['0002_posts', at(1) - 5000, table('posts')], four[3], ['0004_likes', at(4), table('likes')]]),
  },
  {
    fault: 'order', step: 'rename it', line: /would not sort after that of .*; rename it to/, where: 'two of one second, against their names',
    make: (w) => begun(w, [...four.slice(0, 2), ['0002_posts', at(2), table('posts')], ['0003_notes', at(2) + 400, table('notes')], ['0004_likes', at(4), table('likes')]]),
  },
  {
    fault: 'order', step: ['set when', 'set created_at'], line: /would not sort after that of .*; set its `when` to \d+/, where: 'one that was edited since it ran',
    async make(w) {
      await begun(w, [...four.slice(0, 2), ['0002_posts', at(1) - 5000, table('posts')], four[3], ['0004_likes', at(4), table('likes')]]);
      w.file('0002_posts.sql', `-- with care\n${table('posts')}`);
    },
  },
  {
    fault: 'order', step: ['set when', 'set created_at'], line: /would not sort after that of .*; set its `when` to \d+/, where: 'one that another would get the row of',
    make: (w) => begun(w, [...four.slice(0, 2), ['0002_posts', at(0) + 5, table('posts')], four[3], ['0004_likes', at(4), table('likes')]]),
  },
  {
    fault: 'order', step: ['set when', 'set name'], line: /would not sort after that of .*; set its `when` to \d+; in production set the name/, where: 'in one that v1 has taken over',
    async make(w) {
      await begun(w, [...four.slice(0, 2), ['0002_posts', at(1) - 5000, table('posts')], four[3], ['0004_likes', at(4), table('likes')]]);
      const { names } = JSON.parse((await w.migfs('check', '--upgrade', '--format=json', w.name)).out);
      const production = w.named('production');
      await production.query(`alter table ${LEDGER} add name text, add applied_at timestamptz default now()`);
      for (const tag of w.tags) await production.query(`update ${LEDGER} set name = $1 where hash = $2`, [names[tag], sha256(w.text(tag))]);
      w.isLeftBy0x = true;
    },
  },
  {
    fault: 'order', step: ['attach', 'set when'], line: /would not sort after that of .*; attach the databases that have run it/, where: 'without a database',
    async make(w) {
      await begun(w, [...four.slice(0, 2), ['0002_posts', at(1) - 5000, table('posts')], four[3], ['0004_likes', at(4), table('likes')]]);
      for (const database of w.databases) database.isAttached = false;
    },
  },
  { fault: 'order', step: 'fix', line: /and whose `when` is not a number; `migfs fix` gives that one/, make: entries((all) => { all[2].when = 'soon'; }) },
  { fault: 'no-sql', step: 'restore', line: /nor another one that begins with .*; restore it from git/, make: without('0002_posts.sql') },
  {
    fault: 'several-sql', step: 'rename', line: /and several others begin with .*; rename the right one/, right: '0002_articles',
    async make(w) {
      await begun(w);
      fs.renameSync(w.path('0002_posts.sql'), w.path('0002_articles.sql'));
      w.file('0002_posts.down.sql', 'drop table posts;\n');
      w.notMigrations.add('0002_posts.down');
    },
  },
  { fault: 'no-snapshot', step: 'fix', line: /`migfs fix` makes it from the SQL/, make: without(snapshotOf(3)) },
  { fault: 'no-snapshot', step: 'fix all', line: /`migfs fix --all-snapshots` makes it from the SQL/, make: without(snapshotOf(2)) },
  {
    fault: 'no-snapshot', step: 'restore', line: /restore it from git, since it cannot be made from the SQL/,
    async make(w) {
      await begun(w);
      w.file(snapshotOf(2), fs.readFileSync(w.path(snapshotOf(2))));
      w.file('0002_posts.sql', `${table('posts')}--> statement-breakpoint\nDO $$ BEGIN EXECUTE 'CREATE TABLE log (at integer)'; END $$;\n`);
      await w.commit('posts');
      for (const name of ['behind', 'production', 'away']) {
        await w.named(name).query('create table log (at integer)');
        await w.named(name).query(`update ${LEDGER} set hash = $1 where created_at = ${at(2)}`, [sha256(w.text('0002_posts'))]);
      }
      fs.rmSync(w.path(snapshotOf(2)));
    },
  },
  {
    fault: 'no-snapshot', step: 'fix', line: /`migfs fix` makes it from the SQL when it has written those before it: run it again/, where: 'more than are made at once',
    async make(w) {
      await begun(w);
      const column = { type: 'text', primaryKey: false, notNull: true, default: `'${'x'.repeat(6000)}'` };
      const columns = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, { name: `c${i}`, ...column }]));
      const wide = { name: 'wide', schema: '', columns, indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false };
      w.file(snapshotOf(0), JSON.stringify({ ...started, tables: { 'public.wide': wide } }, null, 2));
      for (const n of [1, 2, 3]) fs.rmSync(w.path(snapshotOf(n)));
    },
    next: [{ fault: 'no-snapshot', step: 'fix', line: /`migfs fix` makes it from the SQL$/ }],
  },
  { fault: 'bad-snapshot', step: 'restore', line: /cannot be read as a snapshot; restore it from git/, async make(w) { await begun(w); fs.appendFileSync(w.path(snapshotOf(2)), '}'); } },
  { fault: 'snapshot-version', step: 'restore', line: /has no version that drizzle-kit knows; restore it from git/, make: changed(2, (it) => { it.version = '10'; }) },
  {
    fault: 'shared-snapshot', step: 'write', line: /and so the same snapshot, .*; give one of them another number/,
    async make(w) {
      await begun(w);
      fs.renameSync(w.path('0003_tags.sql'), w.path('0002_tags.sql'));
      fs.rmSync(w.path(snapshotOf(3)));
      w.editEntry('0003_tags', (entry) => { entry.tag = '0002_tags'; });
      for (const { has } of w.databases) if (has.delete('0003_tags')) has.add('0002_tags');
    },
    write(w) {
      fs.renameSync(w.path('0002_tags.sql'), w.path('0003_tags.sql'));
      w.editEntry('0002_tags', (entry) => { entry.tag = '0003_tags'; });
      for (const { has } of w.databases) if (has.delete('0002_tags')) has.add('0003_tags');
    },
    next: [{ fault: 'no-snapshot', step: 'fix', line: /`migfs fix` makes it/ }],
  },
  { fault: 'no-parent', step: 'fix all', line: /`migfs fix --all-snapshots` has it follow/, make: changed(2, (it) => { it.prevId = '00000000-0000-4000-8000-00000000000d'; }) },
  {
    fault: 'no-parent', step: 'restore', line: /restore that one from git, since it does not follow/,
    make: changed(1, (it) => { it.id = '00000000-0000-4000-8000-00000000000d'; delete it.tables['public.users']; }),
  },
  { fault: 'two-firsts', step: 'restore', line: /and a folder may have one first; restore the right one/, make: changed(2, (it) => { it.prevId = started.prevId; }) },

  // ---- the ledgers ----
  {
    fault: 'row', step: 'set hash', line: /edited since; set its hash to/,
    async make(w) {
      await begun(w);
      await w.named('production').query(`update ${LEDGER} set hash = '0003_tags', created_at = ${at(7)} where created_at = ${at(3)}`);
    },
  },
  {
    fault: 'row', step: 'restore', line: /restore its migration, or/,
    async make(w) {
      await begun(w);
      fs.rmSync(w.path('0003_tags.sql'));
      fs.rmSync(w.path(snapshotOf(3)));
      w.editEntry('0003_tags', (entry, { entries }) => entries.pop());
    },
  },
  {
    fault: 'row', step: 'fix', line: /it is that of 0003_tags, which meta\/_journal\.json does not list; `migfs fix` adds it/,
    async make(w) {
      await begun(w);
      fs.rmSync(w.path(snapshotOf(3)));
      w.editEntry('0003_tags', (entry, { entries }) => entries.pop());
    },
  },
  {
    fault: 'row', step: 'delete row', line: /or delete the row once 0\.x/,
    async make(w) {
      await begun(w);
      await w.named('production').row(sha256('of a branch that is gone'), at(9));
    },
  },
  {
    fault: 'run', step: 'baseline', line: /all that it does is there, so the run aborts; databases/,
    async make(w) {
      await begun(w);
      await w.byHand('behind', '0003_tags');
    },
  },
  {
    fault: 'run', step: 'insert row', line: /was run by hand here, so it would run again; insert a row/,
    async make(w) {
      await begun(w, [...four.slice(0, 3), ['0003_marks', at(3), 'INSERT INTO "users" VALUES (1);\n'], ['0004_likes', at(4), table('likes')]]);
      const behind = w.named('behind');
      await behind.query(`delete from ${LEDGER} where created_at >= ${at(3)}`);
      w.rule('applied 0003_marks behind');
    },
  },
  { fault: 'run', step: 'fix', line: /its name has no date, since .*; `migfs fix` gives it a timestamp/, async make(w) {
    await project(w, [...four]);
    await w.database('behind');
    await w.ran('behind', ...w.tags.slice(0, -1));
    w.editEntry('0003_tags', (entry) => { entry.when = 'soon'; });
  } },
].map((it) => ({ ...it, code: `upgrade ${it.fault}` }));
