// drizzle-kit's snapshots in meta/.
import fs from 'node:fs';
import { deployed } from './cases_migrations.mjs';
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
      await deployed(w);
      w.migration('0002_tags', at(2));
      fs.rmSync(w.path('meta/0002_snapshot.json'));
    },
    // What generate writes, without the table that is there already, and its snapshot.
    write: (w) => w.migration('0003_likes', at(3)),
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
    async make(w) {
      await started(w);
      w.migration('0001_posts', at(1));
      w.migration('0002_tags', at(2));
      w.file('meta/0001_snapshot.json', snapshot(2, 1));
      w.file('meta/0002_snapshot.json', snapshot(3, 1));
    },
    write(w) {
      w.entries.pop();
      w.migration('0002_tags', at(3));
      w.file('meta/0002_snapshot.json', snapshot(4, 2));
    },
  },
  {
    code: 'snapshot-chain', step: 'generate again', tag: '0002_tags', where: 'two of one id',
    async make(w) {
      await started(w);
      w.migration('0001_posts', at(1));
      w.migration('0002_tags', at(2));
      w.file('meta/0001_snapshot.json', snapshot(2, 1));
      w.file('meta/0002_snapshot.json', snapshot(2, 7));
    },
    write(w) {
      w.entries.pop();
      w.migration('0002_tags', at(3));
      w.file('meta/0002_snapshot.json', snapshot(4, 2));
    },
  },
];
