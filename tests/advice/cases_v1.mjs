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
    code: 'unread', step: 'generate custom', world,
    async make(w) {
      await deployed(w);
      w.file('0002_tags.sql', 'create table tags (id integer);\n');
    },
  },
  {
    code: 'wrong-database', step: 'foreign', where: 'v1', world,
    async make(w) {
      w.migration(users, 0, 'create table users (id integer);\n');
      const shared = await w.database('shared');
      await shared.row(sha256('theirs'), 1704067200000);
      await shared.query(`alter table ${LEDGER} add name text, add applied_at timestamptz default now(); update ${LEDGER} set name = '20240101000000_theirs'`);
    },
  },
  {
    code: 'wrong-database', step: 'attach', where: 'v1', world,
    async make(w) {
      await deployed(w);
      const other = await w.database('other');
      await other.row(sha256('theirs'), 1704067200000);
      await other.query(`alter table ${LEDGER} add name text, add applied_at timestamptz default now(); update ${LEDGER} set name = '20240101000000_theirs'`);
    },
    write(w) {
      w.databases.splice(w.databases.indexOf(w.named('other')), 1)[0].release();
    },
  },
  {
    code: 'in-transaction', step: 'write', where: 'v1', world,
    async make(w) {
      await deployed(w);
      w.migration(tags, 0, 'create table tags (id integer);\ncreate index concurrently tags_id on tags (id);\n');
    },
    write: (w) => w.file(`${tags}/migration.sql`, 'create table tags (id integer);\ncreate index tags_id on tags (id);\n'),
  },
  {
    code: 'in-transaction', step: 'write', where: 'v1, an enum value that is used', world,
    async make(w) {
      await deployed(w);
      w.migration('20250617150640_mood', 0, "create type mood as enum ('good');\n");
      for (const database of w.databases) await w.deploy(database);
      w.migration('20250618150640_bad', 0, "alter type mood add value 'bad';\n");
      w.migration('20250619150640_days', 0, "create table days (mood mood default 'bad');\n");
    },
    write: (w) => w.file('20250618150640_bad/migration.sql', "create type mood2 as enum ('good', 'bad');\ndrop type mood;\nalter type mood2 rename to mood;\n"),
    leaves: ['half-there'],
  },
  {
    code: 'same-sql', step: 'empty', where: 'v1', world,
    async make(w) {
      await deployed(w);
      w.migration(tags, 0, 'create table posts (id integer);\n');
    },
  },
  {
    code: 'modified', step: 'edited', where: 'v1', world, schemas: false,
    async make(w) {
      await deployed(w);
      w.edit(`${posts}/migration.sql`, 'create table posts (id bigint);\n');
    },
  },
  {
    code: 'bad-file', step: 'move in', where: 'v1, a link that leads out', world,
    async make(w) {
      await deployed(w);
      fs.mkdirSync(`${w.root}/outside`);
      fs.writeFileSync(`${w.root}/outside/migration.sql`, 'create table tags (id integer);\n');
      fs.symlinkSync('../outside', w.path(tags));
    },
    write(w) {
      fs.rmSync(w.path(tags));
      fs.cpSync(`${w.root}/outside`, w.path(tags), { recursive: true });
    },
  },
  {
    code: 'bad-file', step: ['rename freely'], to: `${tags}/tags.sql`, from: Buffer.from(`${tags}/migration.sql`), where: 'v1, a directory where the SQL should be', world,
    async make(w) {
      await deployed(w);
      fs.mkdirSync(w.path(`${tags}/migration.sql`), { recursive: true });
    },
  },
  {
    code: 'bad-file', step: 'write', where: 'v1, the SQL is a link that leads out', world,
    async make(w) {
      await deployed(w);
      fs.mkdirSync(w.path(tags));
      fs.writeFileSync(`${w.root}/tags.sql`, 'create table tags (id integer);\n');
      fs.symlinkSync('../../tags.sql', w.path(`${tags}/migration.sql`));
    },
    write(w) {
      fs.rmSync(w.path(`${tags}/migration.sql`));
      w.file(`${tags}/migration.sql`, fs.readFileSync(`${w.root}/tags.sql`));
    },
  },
  {
    code: 'rerun', step: 'in the database', where: 'v1, a row without a name', world,
    async make(w) {
      await deployed(w);
      await w.named('production').query(`update ${LEDGER} set name = null where id = 2`);
    },
    write: (w, problem) => w.named('production').query(
      `update ${LEDGER} set name = '${problem.sentence.match(/set the name of that row to (\S+?),/)[1]}' where id = ${problem.sentence.match(/its row, (\d+),/)[1]}`),
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
