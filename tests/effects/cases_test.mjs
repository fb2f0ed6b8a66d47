// Each case against real PostgreSQL: what migfs says of it, and that the SQL meets there what it says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { test } from "node:test";
import { cases } from "./cases.mjs";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const program = process.env.MIGFS, uri = process.env.MIGFS_TEST_URI;
const codes = new Set(["ran-by-hand", "half-there", "not-effective", "partly-effective", "emptied", "ledger-lost", "will-abort", "effects-unknown"]);

async function withClient(body) {
    const client = new pg.Client({ connectionString: uri });
    await client.connect();
    try {
        return await body(client);
    } finally {
        await client.end();
    }
}

function makeFolder(files) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "effects-case-"));
    fs.mkdirSync(path.join(folder, "meta"));
    const entries = files.map((sql, idx) => ({ idx, version: "7", when: 1700000000000 + idx * 100000, tag: `000${idx}_f${idx}`, breakpoints: true }));
    files.forEach((sql, i) => fs.writeFileSync(path.join(folder, `${entries[i].tag}.sql`), sql));
    fs.writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
    return { folder, entries };
}

async function prepare(client, it, entries) {
    await client.query("drop schema if exists app cascade; drop schema if exists drizzle cascade; drop schema if exists public cascade; create schema public");
    await client.query(`alter database effects reset search_path`);
    if (it.path) await client.query(`alter database effects set search_path = ${it.path}`);
    await client.query("create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)");
    const made = it.made === "all" ? it.files : it.made.map((one) => (typeof one === "number" ? it.files[one] : one));
    for (const sql of made) await client.query(sql);
    for (const row of it.rows) {
        const hash = createHash("sha256").update(it.files[row]).digest("hex");
        await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [hash, entries[row].when]);
    }
}

const print = (folder, file) => execFileSync(program, ["print", "--timeout=60", `--database=d=${uri}`, folder, file], { encoding: "utf8" });

async function abortsWith(client, it) {
    try {
        await client.query("begin");
        for (const [i, sql] of it.files.entries()) if (!it.rows.includes(i)) await client.query(sql);
        return undefined;
    } catch (error) {
        return error.code;
    } finally {
        await client.query("rollback");
    }
}

for (const [i, it] of cases.entries()) {
    test(`${i + 1}: ${it.name ?? it.files.at(-1).slice(0, 60)}`, () => withClient(async (client) => {
        const { folder, entries } = makeFolder(it.files);
        await prepare(client, it, entries);
        const status = JSON.parse(print(folder, "status.json"));
        const found = status.migrations.map((m) => [m.databases.d.effects.state, m.databases.d.effects.there, m.databases.d.effects.of]);
        assert.deepEqual(found, it.is);
        const problems = status.problems.filter((p) => codes.has(p.code)).map((p) => (p.severity === "note" ? "note:" : "") + p.code);
        assert.deepEqual(problems, it.codes, status.problems.map((p) => `${p.code}: ${p.sentence}`).join("\n"));
        if (it.missing) assert.deepEqual(status.migrations.flatMap((m) => m.databases.d.effects.missing), it.missing);
        if (it.rows.length < it.files.length && !it.codes.includes("note:effects-unknown")) assert.equal(await abortsWith(client, it), it.aborts);
        if (it.aborts) {
            const said = status.problems.filter((p) => codes.has(p.code)).map((p) => p.sentence).join("\n");
            assert.match(said, /abort/);
        }
        // What baseline.sql records is recorded, once, and nothing is left to be recorded.
        const baseline = print(folder, "databases/d/baseline.sql");
        if (baseline) {
            for (let k = 0; k < 2; k++) await client.query(baseline);
            const after = JSON.parse(print(folder, "status.json"));
            assert.equal(after.problems.some((p) => p.code === "ran-by-hand" || p.code === "ledger-lost"), false);
            assert.equal(print(folder, "databases/d/baseline.sql"), "");
        }
        fs.rmSync(folder, { recursive: true });
    }));
}
