// What migrations of v1 make and what is there, and what stands in the way of the first v1 run of a 0.x folder: as said, then by the real runner.
// Prints TAP.
//
//     node effects_test.mjs MIGFS SCRATCH
import assert from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Database, folderName, sha256, writeFolders, writeProject } from "./world.mjs";

const [program, scratch] = process.argv.slice(2);
const source = path.join(scratch, "effects", "drizzle"), folders = path.join(scratch, "effects", "folders");
const database = await Database.open("v1effects");
fs.mkdirSync(path.join(scratch, "effects"), { recursive: true });
const migrations = [
    { tag: "0000_users", when: 1735689600611, text: 'CREATE TABLE "users" ("id" serial PRIMARY KEY);' },
    { tag: "0001_it's", when: 1735776001324, text: 'CREATE TABLE "posts" ("id" int);\nCREATE INDEX "posts_id" ON "posts" ("id");' },
    { tag: "0002_nick", when: 1735862402093, text: 'ALTER TABLE "users" ADD "nick" text;' },
];
const names = migrations.map(({ tag, when }) => folderName(when, tag));
const named = (...which) => which.map((i) => ({ hash: sha256(migrations[i].text), created_at: Math.trunc(migrations[i].when / 1000) * 1000, name: names[i] }));
const old = (...which) => which.map((i) => ({ hash: sha256(migrations[i].text), created_at: migrations[i].when }));

const print = (folder, file) => execFileSync(program, ["print", `--database=db=${database.uri}`, folder, file], { encoding: "utf8" });
const status = (folder) => JSON.parse(print(folder, "status.json"));
const codes = (it) => it.problems.filter((problem) => problem.severity !== "note").map((problem) => `${problem.code} ${problem.tag ?? problem.database}`);
function psql(sql) {
    const done = spawnSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.uri], { input: sql, encoding: "utf8" });
    assert.strictEqual(done.status, 0, done.stderr);
    assert.strictEqual(done.stderr, "");
}

// Each run of the runner adds a row, so what ran is what was recorded.
async function deploy() {
    const { error, names: ran } = await database.runV1(folders);
    return error ? { error: (error.cause ?? error).code } : { ran };
}

async function baselineLeaves(rest) {
    psql(print(folders, "databases/db/baseline.sql"));
    assert.strictEqual(print(folders, "databases/db/baseline.sql"), "");
    assert.deepStrictEqual(await deploy(), { ran: rest });
}

const cases = {
    "a folder of v1: what each makes, and where": async () => {
        writeFolders(folders, migrations);
        await database.reset(named(0));
        await database.query(migrations[0].text);
        const it = status(folders);
        assert.deepStrictEqual(it.migrations.map((one) => one.databases.db.effects).map(({ state, there, of }) => [state, there, of]), [["there", 5, 5], ["missing", 0, 3], ["missing", 0, 1]]);
        assert.match(print(folders, `status/${names[1]}`), /^effects: creates table posts \(1 column\), index posts_id\neffects db: 0 of 3 there$/m);
        assert.match(print(folders, "databases/db/schema"), new RegExp(`^table\tusers\tthere\t${names[0]}$`, "m"));
        assert.deepStrictEqual(codes(it), []);
        assert.deepStrictEqual(await deploy(), { ran: names.slice(1) });
    },
    "run by hand under v1": async () => {
        writeFolders(folders, migrations);
        await database.reset(named(0));
        await database.query(migrations[0].text + migrations[1].text);
        const it = status(folders);
        assert.deepStrictEqual(codes(it), [`ran-by-hand ${names[1]}`]);
        assert.match(it.problems[0].sentence, /; databases\/db\/baseline.sql, run with psql, records it$/);
        assert.strictEqual(it.problems[0].file, `${names[1]}/migration.sql`);
        assert.match(print(folders, "databases/db/summary"), new RegExp(`aborts at line 1 of ${names[1]}/migration.sql, .* table posts is there already \\(42P07\\)`));
        assert.deepStrictEqual(await deploy(), { error: "42P07" });
        await baselineLeaves([names[2]]);
    },
    "pushed, without a ledger, under v1": async () => {
        writeFolders(folders, migrations);
        await database.reset(null);
        await database.query(migrations.map(({ text }) => text).join(""));
        assert.deepStrictEqual(codes(status(folders)), ["ledger-lost db"]);
        await baselineLeaves([]);
    },
    "a ledger of 0.x under v1": async () => {
        writeFolders(folders, migrations);
        await database.reset(old(0));
        await database.query(migrations[0].text + migrations[1].text);
        assert.deepStrictEqual(codes(status(folders)), [`ran-by-hand ${names[1]}`]);
        await baselineLeaves([names[2]]);
    },
    "recorded, and nothing of it there, under v1": async () => {
        writeFolders(folders, migrations);
        await database.reset(named(0, 1, 2));
        await database.query(migrations[0].text + migrations[2].text);
        assert.deepStrictEqual(codes(status(folders)), [`not-effective ${names[1]}`]);
        assert.deepStrictEqual(await deploy(), { ran: [] });
    },
    "the rehearsal: what 0.x passed over is there already": async () => {
        writeProject(source, migrations);
        await database.reset(old(0, 2));
        await database.query(migrations.map(({ text }) => text).join(""));
        const it = status(source).upgrade;
        assert.deepStrictEqual(it.databases.db.runs, [names[1]]);
        assert.strictEqual(it.databases.db.aborts, "0001_it's");
        assert.match(print(source, "upgrade"), /_it's: 0.x passed over it, and all that it does is there, so the run aborts; databases\/db\/baseline.sql, run with psql, records it$/m);
        const baseline = print(source, "databases/db/baseline.sql");
        writeFolders(folders, migrations);
        assert.deepStrictEqual(await deploy(), { error: "42P07" });
        await database.reset(old(0, 2));
        await database.query(migrations.map(({ text }) => text).join(""));
        psql(baseline);
        assert.strictEqual(status(source).upgrade.databases.db.aborts, null);
        assert.deepStrictEqual(await deploy(), { ran: [] });
    },
    "the rehearsal: what 0.x passed over meets a part of itself": async () => {
        writeProject(source, migrations);
        await database.reset(old(0, 2));
        await database.query(`${migrations[0].text}CREATE TABLE posts (other int);${migrations[2].text}`);
        assert.strictEqual(status(source).upgrade.databases.db.aborts, "0001_it's");
        assert.match(print(source, "upgrade"), /_it's: 0.x passed over it, and the run aborts at it: table posts is there already$/m);
        writeFolders(folders, migrations);
        assert.deepStrictEqual(await deploy(), { error: "42P07" });
    },
};

let failures = 0, at = 0;
for (const [name, body] of Object.entries(cases)) {
    at++;
    try {
        await body();
        console.log(`ok ${at} - ${name}`);
    } catch (error) {
        failures++;
        console.log(`not ok ${at} - ${name}\n# ${(error.stack ?? String(error)).replaceAll("\n", "\n# ")}`);
    }
    await database.query("rollback").catch(() => {});
}
await database.close();
process.exitCode = failures > 0 ? 1 : 0;
