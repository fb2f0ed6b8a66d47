// Migrates a database by drizzle v1.
//
//     node deploy.mjs FOLDER URL
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

const [folder, url] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
try {
    await migrate(drizzle({ client }), { migrationsFolder: folder });
    console.log("Migrations completed successfully");
} catch (error) {
    console.error(`Migration failed: ${error.message}`);
    process.exitCode = 1;
} finally {
    await client.end();
}
