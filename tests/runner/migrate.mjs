// Migrates a database as most projects do at deploy: drizzle-orm's own migrate() over node-postgres.
//
//     node migrate.mjs FOLDER [URL]        URL: DATABASE_URL where it is not given
//
// The ledger's names come from MIGRATIONS_SCHEMA and MIGRATIONS_TABLE where they are set.
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const [folder, url = process.env.DATABASE_URL] = process.argv.slice(2);
if (!folder || !url) {
  console.error('usage: migrate.mjs FOLDER [URL]');
  process.exit(2);
}

const client = new pg.Client({ connectionString: url });
try {
  await client.connect();
  await migrate(drizzle(client), {
    migrationsFolder: folder,
    migrationsSchema: process.env.MIGRATIONS_SCHEMA,
    migrationsTable: process.env.MIGRATIONS_TABLE,
  });
  console.log('Migrations completed successfully');
} catch (error) {
  console.error(`Migration failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.end();
}
