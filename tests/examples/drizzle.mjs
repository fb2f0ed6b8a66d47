// The real runner, for many examples in one process. Each line of input is FOLDER, a tab and a database's URI; each line of output
// says what ran: `ran TAG, TAG`, `ran nothing`, or `failed: MESSAGE`. With a third field, `v1`, it is the runner of v1, and what ran is named.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const require = createRequire(path.join(process.argv[2], 'package.json'));
const { drizzle } = require('drizzle-orm/node-postgres');
const { migrate } = require('drizzle-orm/node-postgres/migrator');
const pg = require('pg');
const requireV1 = createRequire(path.join(process.argv[3], 'package.json'));

async function rows(client) {
  const { rows: [{ there }] } = await client.query("select to_regclass('drizzle.__drizzle_migrations') is not null as there");
  return there ? (await client.query('select id, hash, created_at from drizzle.__drizzle_migrations order by id')).rows : [];
}

// The files whose text has this hash: one, but for twins.
function namesOf(hash, folder) {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath ?? file.path, file.name));
  const same = names.filter((name) => name.endsWith('.sql') && fs.existsSync(name)).sort().filter((name) =>
    crypto.createHash('sha256').update(fs.readFileSync(name).toString()).digest('hex') === hash);
  return same.map((name) => path.relative(folder, name).slice(0, -4)).join('|') || 'what is gone';
}

async function namedRows(client) {
  const { rows: [{ there }] } = await client.query("select to_regclass('drizzle.__drizzle_migrations') is not null as there");
  return there ? (await client.query('select * from drizzle.__drizzle_migrations order by id')).rows : [];
}

async function runV1(folder, connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const before = new Set((await namedRows(client)).map(({ id }) => id));
    try {
      const db = requireV1('drizzle-orm/node-postgres').drizzle({ client });
      await requireV1('drizzle-orm/node-postgres/migrator').migrate(db, { migrationsFolder: folder });
    } catch (error) {
      return `failed: ${(error.cause?.message ?? error.message).replaceAll(`${path.dirname(folder)}/`, '')}`;
    }
    const added = (await namedRows(client)).filter(({ id }) => !before.has(id));
    return `ran ${added.map(({ name }) => name).join(', ') || 'nothing'}`;
  } finally {
    await client.end();
  }
}

async function run(folder, connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const before = new Set((await rows(client)).map(({ id }) => id));
    try {
      await migrate(drizzle(client), { migrationsFolder: folder });
    } catch (error) {
      if (error instanceof SyntaxError) return 'failed: SyntaxError of JSON.parse'; // its words are those of one version of Node
      const reason = error.cause ? `${error.message.split('\n')[0].slice(0, 60)}: ${error.cause.message}` : error.message;
      return `failed: ${reason.replaceAll(`${path.dirname(folder)}/`, '')}`;
    }
    const added = (await rows(client)).filter(({ id }) => !before.has(id));
    const told = added.map(({ hash, created_at: at }) => namesOf(hash, folder) + (at === null ? ' (recorded without created_at)' : ''));
    return `ran ${told.join(', ') || 'nothing'}`;
  } finally {
    await client.end();
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [folder, uri, version] = line.split('\t');
  const answer = await (version === 'v1' ? runV1 : run)(folder, uri).catch((error) => `failed: ${error.message}`);
  process.stdout.write(`${answer.replaceAll('\n', ' ')}\n`);
}
