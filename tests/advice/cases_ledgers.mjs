// What is wrong in a ledger, or between two.
import fs from 'node:fs';
import { crossed, deployed } from './situations.mjs';
import { FIRST, LEDGER, madeAbove, sha256, STEP, withMarkOf } from './world.mjs';

const at = (n) => FIRST + n * STEP;

// The row that databases/NAME/ledger shows without a created_at, and whose it is.
async function setNull(w, problem) {
  const [, name] = problem.sentence.match(/databases\/(\S+)\/ledger/);
  for (const row of (await w.print(`databases/${name}/ledger`)).trim().split('\n').slice(1)) {
    const [id, createdAt, , tag] = row.split('\t');
    if (Number.isNaN(Number(createdAt))) {
      const when = w.journal.entries.find((entry) => entry.tag === tag)?.when;
      await w.named(name).query(when ? `update ${LEDGER} set created_at = ${when} where id = ${id}` : `delete from ${LEDGER} where id = ${id}`);
    }
  }
}

// A row of what is no migration here.
async function foreignRow(w, name, createdAt, tag = 'another') {
  await w.named(name).row(sha256(tag), createdAt);
}

// A folder whose migrations were put together into one, and a database that ran what was there before.
async function squashed(w) {
  w.migration('0000_all', at(8), 'create table users (id integer);\n--> statement-breakpoint\ncreate table posts (id integer);\n');
  const production = await w.database('production');
  await production.query('create table users (id integer); create table posts (id integer)');
  production.has.add('0000_all');
  for (const n of [0, 1]) await foreignRow(w, 'production', at(n), `before ${n}`);
}

export const inLedgers = [
  {
    code: 'database-unreadable', step: 'put right', ends: 2,
    async make(w) {
      await deployed(w, '0002_tags');
      const [production] = w.databases;
      Object.assign(production, { kept: production.uri, uri: production.uri.replace(production.physical, 'not_there') });
    },
    write(w) { w.databases[0].uri = w.databases[0].kept; },
    next: [{ code: 'unjournaled', step: 'fix' }],
  },
  {
    code: 'null-created-at', step: 'in the database',
    async make(w) {
      await deployed(w);
      await w.named('production').query(`update ${LEDGER} set created_at = null where id = 2`);
      await w.named('production').row('of no migration', null);
    },
    write: setNull,
  },
  {
    code: 'watermark-future', step: 'real timestamp', where: 'with its entry',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts', 9000000000000);
      await w.deploy(await w.database('production'));
      w.migration('0002_tags', at(2));
    },
    async write(w) {
      w.editEntry('0001_posts', (entry) => { entry.when = at(1); });
      await w.named('production').query(`update ${LEDGER} set created_at = ${at(1)} where id = 2`);
    },
  },
  {
    code: 'repeated-row', step: 'ignore',
    async make(w) {
      await deployed(w);
      await w.named('production').row(sha256(w.text('0001_posts')), at(1) + 10);
    },
  },
  {
    code: 'unknown-row', step: 'ignore', where: 'of another branch',
    async make(w) {
      await deployed(w);
      await foreignRow(w, 'production', at(2));
    },
  },
  {
    code: 'unknown-row', step: ['applied', 'ignore'], where: 'of a migration that was edited and has another timestamp since it ran',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.ran('production', '0002_tags');
      await w.ran('away', '0002_tags');
      w.editEntry('0002_tags', (entry) => { entry.when += 5000; });
      w.edit('0002_tags.sql', 'create table tags (id integer);\n-- edited\n');
    },
    next: [{ code: 'rerun', step: 'fix' }], without: ['away'],
  },
  {
    code: 'unknown-row', step: 'applied', where: 'made for any of two, both edited since', isTrue: (line) => line.includes('0001_posts'),
    of: ({ sentence }) => sentence.includes('may have been made for any of'),
    async make(w) {
      w.migration('0000_users');
      const twin = withMarkOf('0002_tags', '0001_posts');
      w.sql('0001_posts', 'insert into users values (1);\n');
      w.sql(twin, 'insert into users values (2);\n');
      await w.database('production');
      await w.ran('production', '0000_users');
      await w.byHand('production', '0001_posts');
      await w.named('production').row(sha256('the text that ran'), madeAbove('0001_posts', at(0)));
    },
    next: [{ code: 'unjournaled', step: 'fix', isTrue: undefined, of: undefined }], leaves: ['modified', 'snapshot-missing'],
  },
  {
    code: 'held', step: 'applied', where: 'edited since it ran, and its entry is gone',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.ran('production', '0002_tags');
      await w.ran('away', '0002_tags');
      w.entries.pop();
      w.write();
      w.edit('0002_tags.sql', 'create table tags (id integer);\n-- edited\n');
    },
    next: [{ code: 'journal-incomplete', step: 'fix' }, { code: 'unknown-row', step: 'ignore' }],
    without: ['away'],
  },
  {
    code: 'shared-ledger', step: 'foreign',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts', at(2));
      await w.deploy(await w.away('away'));
      await w.database('production');
      await w.ran('production', '0000_users');
      await foreignRow(w, 'production', at(1));
      await w.ran('production', '0001_posts');
      await foreignRow(w, 'production', at(5), 'more');
      w.migration('0002_tags', at(6));
    },
  },
  {
    code: 'shared-ledger', step: 'applied',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts', at(2));
      await w.database('production');
      await w.ran('production', '0000_users');
      await foreignRow(w, 'production', at(1));
      await w.ran('production', '0001_posts');
      w.sql('0002_tags', 'insert into users values (1);\n');
      w.entry('0002_tags', at(6));
      await w.byHand('production', '0002_tags');
      await foreignRow(w, 'production', at(7), 'an older text of 0002_tags');
    },
    next: [{ code: 'shared-ledger', step: 'foreign' }],
    isSame: false,
  },
  {
    code: 'wrong-database', step: 'attach', where: "another project's",
    async make(w) {
      await deployed(w, '0002_tags');
      await w.away('other');
      await foreignRow(w, 'other', at(1) + 10);
      w.named('production').isAttached = false;
      w.named('other').isAttached = true;
    },
    write(w) {
      w.named('production').isAttached = true;
      w.named('other').isAttached = false;
    },
    next: [{ code: 'unjournaled', step: 'fix' }], without: ['other'],
  },
  {
    code: 'wrong-database', step: 'foreign', where: 'a new project in a ledger of another',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      await w.database('shop');
      await foreignRow(w, 'shop', at(0) + 10);
    },
    next: [{ code: 'skipped', step: 'fix' }],
  },
  { code: 'wrong-database', step: 'applied', where: 'a squash', make: squashed, next: [{ code: 'rerun', step: 'fix' }, { code: 'unknown-row', step: 'ignore' }] },
  {
    code: 'conflict', step: 'own journal',
    async make(w) {
      await crossed(w);
      await w.deploy(await w.away('away'));
    },
  },
  {
    code: 'conflict', step: 'in the database', where: 'a rule says applied, and the ledger is empty',
    of: ({ sentence }) => sentence.includes('remove the rule'),
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      await w.database('production');
      w.rule('applied 0000_users production');
    },
    write: (w) => fs.rmSync(w.path('.migfs')),
  },
  {
    code: 'ledger-elsewhere', step: 'ignore', where: "another tool's, which deploys",
    async make(w) {
      w.migration('20251210080000_users');
      const supa = await w.database('supa');
      await w.byHand('supa', '20251210080000_users');
      await supa.query(`create schema supabase_migrations;
        create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
        insert into supabase_migrations.schema_migrations values ('20251210080000', '{}', 'users')`);
    },
    without: ['supa'], schemas: false, // another tool deploys there
  },
  {
    code: 'ledger-elsewhere', step: 'applied', where: "beside Drizzle's",
    async make(w) {
      w.migration('0000_users');
      await w.deploy(await w.database('both'));
      w.migration('0001_posts');
      await w.byHand('both', '0001_posts');
      await w.named('both').query("create table knex_migrations (id serial, name text); insert into knex_migrations (name) values ('0000_users.sql'), ('0001_posts.sql')");
    },
    next: [{ code: 'rerun', step: 'fix' }], schemas: false,
  },
  {
    code: 'ledger-elsewhere', step: 'attach',
    async make(w) {
      await deployed(w);
      for (const database of w.databases) await database.query(`alter table ${LEDGER} rename to tenant_a`);
    },
    async write(w) {
      // The runner of this suite has the usual name.
      for (const database of w.databases) await database.query('alter table drizzle.tenant_a rename to __drizzle_migrations');
    },
  },
];

