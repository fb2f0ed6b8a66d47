// What the catalogs show and the ledgers do not.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { deployed } from './situations.mjs';
import { FIRST, LEDGER, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;

async function ranByHand(w) {
  await deployed(w);
  w.migration('0002_tags');
  w.migration('0003_likes');
  await w.byHand('production', '0002_tags');
}

async function unlistedThereInOne(w) {
  await deployed(w);
  w.sql('0002_tags', 'create table tags (id integer);\n');
  await w.byHand('production', '0002_tags');
  w.named('away').isAttached = true;
}

async function halfThere(w) {
  await deployed(w);
  w.migration('0002_tags', at(2), 'create table tags (id integer);\n--> statement-breakpoint\nalter table users add name text;\n');
  await w.named('production').query('create table tags (id integer)');
}

export const effects = [
  { code: 'ran-by-hand', step: 'baseline', make: ranByHand },
  {
    code: 'ran-by-hand', step: 'baseline', where: 'a statement that was moved out of one that has run', among: true,
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts', FIRST + STEP, 'create table posts (id integer);\n--> statement-breakpoint\ncreate table likes (id integer);\n');
      await w.deploy(await w.database('staging'));
      await w.database('production');
      await w.ran('production', '0000_users');
      w.file('0001_posts.sql', 'create table posts (id integer);\n');
      w.migration('0002_likes');
      w.named('staging').has.add('0002_likes');
    },
  },
  {
    code: 'ran-by-hand', step: 'baseline', where: 'in two databases',
    async make(w) {
      await ranByHand(w);
      w.named('away').isAttached = true;
      await w.byHand('away', '0002_tags');
    },
  },
  {
    code: 'ran-by-hand', step: 'applied',
    make: ranByHand, next: [{ code: 'rerun', step: 'fix' }], without: ['away'],
  },
  {
    code: 'ran-by-hand', step: ['include', 'baseline'], where: 'not listed, and not there in another', make: unlistedThereInOne,
    next: [{ code: 'unjournaled', step: 'fix' }],
  },
  { code: 'ran-by-hand', step: 'exclude', where: 'not listed, and the others are not to get it', make: unlistedThereInOne, leaves: ['snapshot-overwrite'], schemas: false },
  {
    code: 'held', step: ['include', 'baseline'], where: 'there without a ledger',
    async make(w) {
      w.migration('0000_users');
      w.sql('0001_posts');
      await w.database('production');
      await w.byHand('production', '0000_users');
      await w.byHand('production', '0001_posts');
    },
    next: [{ code: 'journal-incomplete', step: 'fix' }],
  },
  {
    code: 'ran-by-hand', step: 'baseline', where: 'an older one has yet to run',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.migration('0003_likes');
      await w.byHand('production', '0003_likes');
    },
    next: [{ code: 'skipped', step: 'fix' }],
  },
  {
    code: 'held', step: ['include', 'baseline'], where: 'there without a row, and another that is not attached has not run it',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags', 'create table tags (id integer);\n');
      await w.byHand('production', '0002_tags');
    },
    next: [{ code: 'journal-incomplete', step: 'fix' }],
  },
  {
    code: 'held', step: 'applied', where: 'there without a row, with a blank in its name',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags copied', 'create table tags (id integer);\n');
      await w.byHand('production', '0002_tags copied');
    },
    next: [{ code: 'journal-incomplete', step: 'fix' }], without: ['away'], leaves: ['snapshot-overwrite'],
  },
  {
    code: 'half-there', step: 'in the database', where: 'the rest by hand, then recorded', make: halfThere,
    async write(w) {
      await w.named('production').query('alter table users add name text');
      w.named('production').has.add('0002_tags');
    },
    next: [{ code: 'ran-by-hand', step: 'baseline' }],
  },
  {
    code: 'half-there', step: 'in the database', where: 'what is there is dropped', make: halfThere,
    write: (w) => w.named('production').query('drop table tags'),
  },
  {
    code: 'not-effective', step: 'run by hand',
    async make(w) {
      await deployed(w);
      await w.named('production').query('drop table posts');
    },
  },
  {
    code: 'not-effective', step: 'run by hand', where: 'in two databases',
    async make(w) {
      await deployed(w);
      w.named('away').isAttached = true;
      for (const name of ['production', 'away']) await w.named(name).query('drop table posts');
    },
  },
  {
    code: 'not-effective', step: 'ignore', where: 'dropped on purpose',
    async make(w) {
      await deployed(w);
      await w.named('production').query('drop table posts');
    },
    schemas: false,
  },
  {
    code: 'conflict', step: 'own journal', where: 'a rule says that it ran in one database, and another lacks it',
    async make(w) {
      await ranByHand(w);
      w.named('away').isAttached = true;
      w.rule('applied 0002_tags production');
    },
  },
  {
    code: 'partly-effective', step: 'in the database', where: 'made by hand',
    async make(w) {
      w.migration('0000_users', at(0), 'create table users (id integer);\n--> statement-breakpoint\ncreate index by_id on users (id);\n');
      await w.deploy(await w.database('production'));
      await w.named('production').query('drop index by_id');
    },
    write: (w) => w.named('production').query('create index by_id on users (id)'),
  },
  {
    code: 'partly-effective', step: 'ignore', where: 'dropped on purpose',
    async make(w) {
      w.migration('0000_users', at(0), 'create table users (id integer);\n--> statement-breakpoint\ncreate index by_id on users (id);\n');
      await w.deploy(await w.database('production'));
      await w.named('production').query('drop index by_id');
    },
    schemas: false,
  },
  {
    code: 'emptied', step: 'drop the ledger',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.named('production').query('drop table users, posts');
    },
  },
  {
    code: 'ledger-lost', step: 'baseline',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.named('production').query(`drop table ${LEDGER}`);
    },
  },
  ...['baseline', 'uncomment'].map((step) => ({
    code: 'ledger-lost', step, where: `one that changes rows alone ${step === 'baseline' ? 'has not run' : 'has run'}`,
    async make(w) {
      await deployed(w);
      w.migration('0002_seed', at(2), 'insert into users (id) values (1);\n');
      if (step === 'uncomment') await w.deploy(w.named('production'));
      w.migration('0003_tags');
      await w.named('production').query(`drop table ${LEDGER}`);
    },
  })),
  {
    code: 'ran-by-hand', step: 'uncomment', where: 'one that changes rows alone was run by hand, too',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.migration('0003_seed', at(3), 'insert into users (id) values (1);\n');
      w.migration('0004_likes');
      await w.byHand('production', '0002_tags', '0003_seed');
    },
  },
  {
    code: 'ran-by-hand', step: 'uncomment', where: 'one that changes rows alone was run by hand in both databases, too',
    async make(w) {
      await deployed(w);
      w.named('away').isAttached = true;
      w.migration('0002_tags');
      w.migration('0003_seed', at(3), 'insert into users (id) values (1);\n');
      w.migration('0004_likes');
      for (const name of ['production', 'away']) await w.byHand(name, '0002_tags', '0003_seed');
    },
  },
  {
    code: 'ran-by-hand', step: 'baseline', where: 'no timestamp is right for it and another that has run it',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.deploy(w.named('production'));
      await w.deploy(await w.database('staging'));
      await w.named('production').query(`delete from ${LEDGER} where created_at = ${at(1)}`);
      assert.ok(!(await w.problems()).some(({ code }) => code === 'conflict'), 'a journal of its own fails in production');
    },
  },
  {
    code: 'will-abort', step: 'write', where: 'a baseline of drizzle-kit pull, whose comment holds a breakpoint',
    async make(w) {
      const text = 'create table users (id integer);\n--> statement-breakpoint\ncreate table posts (id integer);\n';
      w.migration('0000_pulled', at(0), text);
      await w.database('production');
      await w.byHand('production', '0000_pulled');
      w.file('0000_pulled.sql', `-- Current sql file was generated after introspecting the database\n/*\n${text}*/`);
    },
    write: (w) => w.file('0000_pulled.sql', fs.readFileSync(w.path('0000_pulled.sql'), 'utf8').replace(/^(\/\*|\*\/)/gm, '')),
    next: [{ code: 'ledger-lost', step: 'baseline' }],
  },
  {
    code: 'will-abort', step: 'in the database',
    async make(w) {
      await deployed(w);
      w.migration('0002_name', at(2), 'alter table users add name text;\n--> statement-breakpoint\ndrop table old;\n');
      await w.named('production').query('select 1');
    },
    write: (w) => w.file('0002_name.sql', 'alter table users add name text;\n--> statement-breakpoint\ndrop table if exists old;\n'),
  },
];
