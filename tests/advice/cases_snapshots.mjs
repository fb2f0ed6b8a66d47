// drizzle-kit's snapshots in meta/.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { generate, isClean, makeProject, table, twoBranches } from './kit.mjs';
import { deployed } from './situations.mjs';
import { FIRST, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;
const id = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

// As drizzle-kit writes one of an empty schema.
const snapshot = (n, before = n - 1, more = {}) => JSON.stringify({
  id: id(n), prevId: id(before), version: '7', dialect: 'postgresql', tables: {}, enums: {}, schemas: {}, sequences: {}, roles: {},
  policies: {}, views: {}, _meta: { columns: {}, schemas: {}, tables: {} }, ...more,
}, null, 2);

async function started(w) {
  w.migration('0000_start', at(0), '-- nothing yet\n');
  w.file('meta/0000_snapshot.json', snapshot(1));
  await w.deploy(await w.database('production'));
}

// Two branches that both generated, merged: the second was given the next number by hand, and its snapshot still follows the first of all.
async function bothMerged(w) {
  await twoBranches(w);
  const entry = w.journal.entries.at(-1);
  const [sql, kept] = [w.text('0001_tags'), fs.readFileSync(w.path('meta/0001_snapshot.json'))];
  await w.git('checkout', '-q', 'main');
  await w.deploy(await w.database('production'));
  await w.git('checkout', '-q', 'feature', '--', 'schema');
  w.file('0002_tags.sql', sql);
  w.file('meta/0002_snapshot.json', kept);
  const { journal } = w;
  journal.entries.push({ ...entry, idx: 2, when: journal.entries.at(-1).when + 1, tag: '0002_tags' });
  w.file('meta/_journal.json', JSON.stringify(journal, null, 2));
}

export const snapshots = [
  {
    code: 'snapshot-missing', step: 'fix',
    async make(w) {
      await started(w);
      w.migration('0001_posts', at(1), 'CREATE TABLE "posts" (\n\t"id" integer\n);\n');
      fs.rmSync(w.path('meta/0001_snapshot.json'));
    },
  },
  {
    code: 'snapshot-missing', step: 'write', where: 'one that cannot be made',
    async make(w) {
      makeProject(w);
      table(w, 'users');
      await generate(w, 'users');
      // By hand, with what no snapshot has; the schema has the table now.
      w.file('0001_tags.sql', 'CREATE TABLE "tags" (\n\t"id" integer\n);\n--> statement-breakpoint\nDO $$ BEGIN EXECUTE \'CREATE TABLE log (at integer)\'; END $$;\n');
      const { journal } = w;
      journal.entries.push({ ...journal.entries[0], idx: 1, when: journal.entries[0].when + 1, tag: '0001_tags' });
      w.file('meta/_journal.json', JSON.stringify(journal, null, 2));
      table(w, 'tags');
      await w.deploy(await w.database('production'));
      await w.deploy(await w.away('away'));
    },
    // What the next generate writes, without the table that is there already.
    async write(w) {
      table(w, 'posts');
      const tag = await generate(w, 'posts');
      const parts = w.text(tag).toString().split('--> statement-breakpoint\n').filter((part) => !part.includes('"tags"'));
      w.file(`${tag}.sql`, parts.join('--> statement-breakpoint\n'));
      await isClean(w);
    },
  },
  {
    code: 'snapshot-missing', step: 'restore', where: 'none is there, and git has them',
    async make(w) {
      await deployed(w);
      for (const name of ['0000', '0001']) w.remove(`meta/${name}_snapshot.json`);
    },
  },
  {
    code: 'snapshot-missing', step: 'write', where: 'there never was one',
    async make(w) {
      makeProject(w);
      for (const name of ['users', 'tags']) {
        table(w, name);
        await generate(w, name);
      }
      for (const name of ['0000', '0001']) fs.rmSync(w.path(`meta/${name}_snapshot.json`));
      await w.deploy(await w.database('production'));
      await w.deploy(await w.away('away'));
    },
    // What the next generate writes, without the tables that are there already.
    async write(w) {
      table(w, 'posts');
      const tag = await generate(w, 'posts');
      const parts = w.text(tag).toString().split('--> statement-breakpoint\n');
      assert.equal(parts.length, 3);
      w.file(`${tag}.sql`, parts.filter((part) => part.includes('"posts"')).join(''));
      await isClean(w);
    },
  },
  {
    code: 'snapshot-chain', step: 'restore', where: 'no JSON',
    async make(w) {
      await deployed(w);
      w.edit('meta/0001_snapshot.json', '{"id": ');
    },
  },
  {
    code: 'snapshot-chain', step: 'generate again', tag: '0002_tags', where: 'two of one parent',
    make: bothMerged,
  },
  {
    code: 'snapshot-chain', step: 'generate again', tag: '0002_tags', where: 'two of one id',
    async make(w) {
      await bothMerged(w);
      const [first, second] = ['0001', '0002'].map((number) => JSON.parse(fs.readFileSync(w.path(`meta/${number}_snapshot.json`))));
      w.file('meta/0002_snapshot.json', JSON.stringify({ ...second, id: first.id, prevId: first.id }, null, 2));
    },
  },
];
