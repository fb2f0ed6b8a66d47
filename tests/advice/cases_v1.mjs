// Folders of drizzle v1, whose runner goes by names.
import fs from 'node:fs';
import { LEDGER, sha256 } from './world.mjs';

const world = { kind: 'v1' };
const users = '20250615150640_users';
const posts = '20250616150640_posts';
const tags = '20250617150640_tags';

async function deployed(w) {
  w.migration(users, 0, 'create table users (id integer);\n');
  w.migration(posts, 0, 'create table posts (id integer);\n');
  await w.deploy(await w.database('production'));
  await w.deploy(await w.away('away'));
}

// The ledger as a 0.x runner leaves it.
async function withoutNames(w, rows) {
  const production = await w.database('production');
  for (const [hash, createdAt] of rows) await production.row(hash, createdAt);
  return production;
}

export const v1 = [
  {
    code: 'no-date', step: 'rename freely', to: '20250618150640_notes', world,
    async make(w) {
      await deployed(w);
      w.migration('notes', 0, 'create table notes (id integer);\n');
    },
  },
  {
    code: 'same-second', step: 'rename freely', to: '20250617150641_likes', world, of: ({ file }) => file.includes('tags'),
    async make(w) {
      await deployed(w);
      w.migration('20250617150640_likes', 0, 'create table likes (id integer);\n');
      w.migration(tags, 0, 'create table tags (id integer);\n');
    },
  },
  {
    code: 'stray-journal', step: 'delete', world,
    async make(w) {
      await deployed(w);
      w.file('meta/_journal.json', '{"version": "7", "dialect": "postgresql", "entries": []}');
    },
  },
  {
    code: 'unread', step: 'delete', world,
    async make(w) {
      await deployed(w);
      w.file('0002_tags.sql', 'create table tags (id integer);\n');
    },
  },
  {
    code: 'rerun', step: 'in the database', where: 'v1, a row without a name', world,
    async make(w) {
      await deployed(w);
      await w.named('production').query(`update ${LEDGER} set name = null where id = 2`);
    },
    write: (w, problem) => w.named('production').query(
      `update ${LEDGER} set name = '${problem.sentence.match(/set the name of that row to (\S+?),/)[1]}' where id = ${problem.sentence.match(/row (\d+) is its own/)[1]}`),
  },
  {
    code: 'rerun', step: 'in the database', where: 'v1, the folder was renamed, and its row follows', world,
    async make(w) {
      await deployed(w);
      fs.renameSync(w.path(posts), w.path('20250616150640_articles'));
      for (const database of w.databases) {
        database.has.delete(posts);
        database.has.add('20250616150640_articles');
      }
      w.named('away').isAttached = true;
    },
    async write(w, problem) {
      const [, id, name] = problem.sentence.match(/set the name of row (\S+) to (\S+)$/);
      for (const database of w.databases) await database.query(`update ${LEDGER} set name = '${name}' where id = ${id}`);
    },
  },
  {
    code: 'rerun', step: 'rename freely', to: posts, where: 'v1, the folder was renamed, and is renamed back', world,
    async make(w) {
      await deployed(w);
      fs.renameSync(w.path(posts), w.path('20250616150640_articles'));
    },
  },
  {
    code: 'modified', step: 'restore', where: 'v1', world,
    async make(w) {
      await deployed(w);
      w.edit(`${posts}/migration.sql`, 'create table posts (id bigint);\n');
    },
  },
  {
    code: 'v1-ledger', step: 'in the database', where: 'the rows are deleted', world,
    async make(w) {
      w.migration(users, 0, 'create table users (id integer);\n');
      const production = await withoutNames(w, [[sha256('create table users (id integer);\n'), 1750000000000], [sha256('gone'), 1749000000000]]);
      await production.query('create table users (id integer)');
      production.has.add(users);
    },
    write: (w) => w.named('production').query(`delete from ${LEDGER} where hash = '${sha256('gone')}'`),
  },
  {
    code: 'v1-ledger', step: 'restore', where: 'the migration is restored', world,
    async make(w) {
      w.migration(users, 0, 'create table users (id integer);\n');
      w.migration(posts, 0, 'create table posts (id integer);\n');
      const production = await withoutNames(w, [[sha256('create table users (id integer);\n'), 1750000000000], [sha256('create table posts (id integer);\n'), 1750086400000]]);
      await production.query('create table users (id integer); create table posts (id integer)');
      production.has.add(users).add(posts);
      fs.renameSync(w.path(posts), `${w.root}/kept`);
    },
    back: (w) => fs.renameSync(`${w.root}/kept`, w.path(posts)),
  },
];
