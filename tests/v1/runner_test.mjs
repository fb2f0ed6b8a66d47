// The table of runners against the real ones, column by column: drizzle-orm 0.45.4 and 1.0.0-rc.5. Prints TAP.
//
//     node runner_test.mjs RULES SCRATCH
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Database, folderName, sha256, writeFolders, writeProject } from "./world.mjs";

const [rules, scratch] = process.argv.slice(2);
const table = JSON.parse(execFileSync(rules, { encoding: "utf8" }));
const database = await Database.open("runners");
const modules = { v0: process.env.MIGFS_NODE_MODULES, v1: process.env.MIGFS_V1_MODULES };
const folder = path.join(scratch, "runners");

const A = 1735689600611, B = 1735776001324;
const mark = (text) => `insert into ran (mark) values ('${text}');`;
const a = { tag: "0000_a", when: A, text: mark("a") }, b = { tag: "0001_b", when: B, text: mark("b") };

// Writes the migrations in the layout of a runner, and runs it once on the rows: its error, what ran, and the rows after it.
async function run(kind, migrations, rows, also = () => {}) {
    (kind === "v0" ? writeProject : writeFolders)(folder, migrations);
    also();
    const names = new Map(migrations.map(({ tag, when }) => [tag, folderName(when, tag)]));
    await database.reset(rows && rows.map(({ tag, ...row }) => (kind === "v1" ? { ...row, name: tag && (names.get(tag) ?? tag) } : row)));
    const require = createRequire(path.join(path.dirname(modules[kind]), "index.js"));
    const { drizzle } = require("drizzle-orm/node-postgres");
    const { migrate } = require("drizzle-orm/node-postgres/migrator");
    let error = null;
    try {
        await migrate(kind === "v1" ? drizzle({ client: database.client }) : drizzle(database.client), { migrationsFolder: folder });
    } catch (thrown) {
        error = thrown;
    }
    return { error, ran: (await database.query("select mark from ran order by n")).map((row) => row.mark), rows: await database.ledger() };
}
const row = ({ tag, text, when }) => ({ tag, hash: sha256(text), created_at: when });

const columns = {
    // Beside the other layout: it takes its own and never the other's.
    async takesFolders(kind) {
        const also = () => {
            fs.writeFileSync(path.join(folder, "0002_flat.sql"), mark("flat"));
            fs.mkdirSync(path.join(folder, "20250103000000_folder"));
            fs.writeFileSync(path.join(folder, "20250103000000_folder/migration.sql"), mark("folder"));
        };
        const { ran } = await run(kind, [a], null, also);
        return ran.includes("folder") && !ran.includes("flat");
    },
    // One row, newer than all, of another name.
    async runsUnnamed(kind) {
        const { ran } = await run(kind, [a, b], [{ tag: "20300101000000_other", hash: "other", created_at: 1893456000000 }]);
        return ran.length === 2;
    },
    async nullIsZero(kind) {
        const rows = [row(a), row(b)];
        rows[0][kind === "v0" ? "created_at" : "tag"] = null;
        const { ran } = await run(kind, [a, b], rows);
        assert.deepStrictEqual(ran, kind === "v0" ? ["a", "b"] : ["a"]);
        return ran.length === 2;
    },
    async recordsDate(kind) {
        const { rows } = await run(kind, [a], null);
        assert.ok([A, A - 611].includes(Number(rows[0].created_at)));
        return Number(rows[0].created_at) === A - 611;
    },
    async isOneTransaction(kind) {
        const { error, ran, rows } = await run(kind, [a, { ...b, text: "select 1 / 0;" }], null);
        assert.ok(error);
        return ran.length === 0 && rows.length === 0;
    },
    async takesEmptyChunk(kind) {
        const { rows } = await run(kind, [{ ...a, text: "" }, { ...b, text: `--> statement-breakpoint\n${b.text}--> statement-breakpoint\n` }], null);
        return rows.length === 2;
    },
    // Those for PostgreSQL write it, those that are bundled (here expo's) nothing; beside a name that says nothing of the text.
    async mayLeaveHashEmpty(kind) {
        const { rows } = await run(kind, [a], null);
        assert.strictEqual(rows[0].hash, sha256(a.text));
        return /hash: ""/.test(fs.readFileSync(path.join(modules[kind], "drizzle-orm/expo-sqlite/migrator.js"), "utf8")) && "name" in rows[0];
    },
};

for (const kind of ["v0", "v1"]) {
    assert.deepStrictEqual(Object.keys(table[kind]), Object.keys(columns));
    for (const [column, measure] of Object.entries(columns)) {
        try {
            assert.strictEqual(await measure(kind), Boolean(table[kind][column]));
            console.log(`ok - runner ${kind}: ${column}`);
        } catch (error) {
            console.log(`not ok - runner ${kind}: ${column}\n# ${error.stack.replaceAll("\n", "\n# ")}`);
        }
    }
}
await database.close();
