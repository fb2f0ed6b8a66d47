// Makes a migrations folder as drizzle-kit leaves one, and the ledger that belongs to it: every tenth migration is pending, and
// the last one is in no journal. The same COUNT gives the same bytes everywhere.
//
//     node folder.mjs COUNT FOLDER LEDGER-SQL [BYTES [SNAPSHOT]]      BYTES: of each migration; 4096 where it is not given
//                                                                     SNAPSHOT: of each snapshot at least; as of an empty schema
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [count, folder, ledger, bytes = 4096, snapshot = 0] = process.argv.slice(2).map((word) => (/^\d+$/.test(word) ? Number(word) : word));
const FIRST_STAMP = 1700000000000;
const BREAKPOINT = '--> statement-breakpoint\n';

const tableOf = (name) => `CREATE TABLE "${name}" (\n\t"id" serial PRIMARY KEY NOT NULL,\n`
  + `\t"name" text NOT NULL,\n\t"created_at" timestamp DEFAULT now() NOT NULL\n);\n`;

// Whole tables as far as they fit, then a comment.
function sqlOf(number) {
  let sql = number === count - 1 ? '-- the one that everybody looks for\n' : '';
  for (let table = 0; ; table++) {
    const next = `${table > 0 ? BREAKPOINT : ''}${tableOf(`table_${number}_${table}`)}`;
    if (sql.length + next.length + 4 > bytes) break;
    sql += next;
  }
  if (sql === '') sql = `SELECT ${number};\n`;
  return `${`${sql}--${'-'.repeat(Math.max(0, bytes - sql.length - 3))}`.slice(0, Math.max(bytes, 20) - 1)}\n`;
}

// The first snapshot follows none, which drizzle-kit writes as the nil UUID.
const uuid = (number) => number === 0 ? '00000000-0000-0000-0000-000000000000' : `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const column = (name) => ({ name, type: 'text', primaryKey: false, notNull: true, default: "''" });
const columns = Object.fromEntries(Array.from({ length: Math.ceil(snapshot / 180) }, (_, i) => [`c${i}`, column(`c${i}`)]));
const tables = snapshot === 0 ? {} : { 'public.wide': { name: 'wide', schema: '', columns, indexes: {}, foreignKeys: {},
  compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false } };
const snapshotOf = (number) => ({
  id: uuid(number + 1), prevId: uuid(number), version: '7', dialect: 'postgresql', tables, enums: {}, schemas: {},
  sequences: {}, roles: {}, policies: {}, views: {}, _meta: { columns: {}, schemas: {}, tables: {} },
});

mkdirSync(join(folder, 'meta'), { recursive: true });
const entries = [];
const rows = [];
const width = Math.max(4, String(count - 1).length);
for (let number = 0; number < count; number++) {
  const prefix = String(number).padStart(width, '0');
  const tag = `${prefix}_change_number_${number}`;
  const sql = sqlOf(number);
  const when = FIRST_STAMP + number * 100000;
  writeFileSync(join(folder, `${tag}.sql`), sql);
  writeFileSync(join(folder, 'meta', `${prefix}_snapshot.json`), JSON.stringify(snapshotOf(number), null, 2));
  if (number === count - 1) continue;
  entries.push({ idx: number, version: '7', when, tag, breakpoints: true });
  if (number < count * 0.9) rows.push(`${createHash('sha256').update(sql).digest('hex')}\t${when}`);
}
writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2));
writeFileSync(ledger, `create schema drizzle;
create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
copy drizzle.__drizzle_migrations (hash, created_at) from stdin;
${rows.join('\n')}
\\.
`);
