// How the catalogs are read: without waiting for a lock, without a grant, through a pooler, of the ledger's own moment, in the schema that
// unqualified names are in.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { hideNoise, makeNoise, showNoise } from "./noise.mjs";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const program = process.env.MIGFS, uri = process.env.MIGFS_TEST_URI, bouncer = process.env.MIGFS_TEST_PGBOUNCER;
const U = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "name" text);';
const W = 'CREATE TABLE "wc" ("id" text PRIMARY KEY, "user_id" integer NOT NULL REFERENCES "users"("id"));';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "effects-server-"));
after(() => fs.rmSync(folder, { recursive: true }));

const files = [U, W];
const entries = files.map((sql, idx) => ({ idx, version: "7", when: 1700000000000 + idx * 100000, tag: `000${idx}_f${idx}`, breakpoints: true }));
fs.mkdirSync(path.join(folder, "meta"));
fs.writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
files.forEach((sql, i) => fs.writeFileSync(path.join(folder, `${entries[i].tag}.sql`), sql));

async function connected(body) {
    const client = new pg.Client({ connectionString: uri });
    await client.connect();
    try {
        return await body(client);
    } finally {
        await client.end();
    }
}

const record = (client, i) => client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)",
    [createHash("sha256").update(files[i]).digest("hex"), entries[i].when]);

async function prepare(client, made, rows) {
    await client.query("drop schema if exists drizzle, public, app, other, \"My Schema\" cascade; create schema public; create schema drizzle");
    await client.query("alter database effects reset search_path");
    await client.query("create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)");
    for (const sql of made) await client.query(sql);
    for (const row of rows) await record(client, row);
}

const printOf = (folder, file, from = uri) => execFileSync(program, ["print", "--timeout=20", `--database=d=${from}`, folder, file], { encoding: "utf8", timeout: 15000 });
const print = (file, from) => printOf(folder, file, from);
const standings = (from) => JSON.parse(print("status.json", from)).migrations.map((it) => { const e = it.databases.d.effects; return [e.state, e.there, e.of]; });

test("somebody's open ALTER TABLE is not waited for, and shows nothing before it ends", () => connected((client) => connected(async (other) => {
    await prepare(client, [U, W], [0, 1]);
    await other.query("begin; alter table users add column nick text; drop table wc; create index on users (name)");
    assert.deepEqual(standings(), [["there", 6, 6], ["there", 6, 6]]); // well within the time-out, which a lock would take
    await other.query("commit");
    assert.deepEqual(standings(), [["there", 6, 6], ["missing", 0, 6]]);
})));

test("a deploy in progress never looks half there", () => connected((client) => connected(async (other) => {
    await prepare(client, [U], [0]);
    await other.query("begin");
    await other.query(W);
    assert.deepEqual(standings()[1], ["missing", 0, 6]);
    await record(other, 1);
    assert.deepEqual(standings()[1], ["missing", 0, 6]);
    await other.query("commit");
    assert.deepEqual(standings()[1], ["there", 6, 6]);
})));

test("a role without any grant but for the ledger sees all the same", () => connected(async (client) => {
    await prepare(client, [U, W], [0]);
    await client.query("drop role if exists nothing_granted");
    await client.query("create role nothing_granted login");
    await client.query("revoke all on schema public from public; grant usage on schema drizzle to nothing_granted; grant select on drizzle.__drizzle_migrations to nothing_granted");
    const theirs = uri.replace("user=postgres", "user=nothing_granted");
    assert.notEqual(theirs, uri);
    assert.deepEqual(standings(theirs), standings());
    assert.deepEqual(standings(theirs), [["there", 6, 6], ["there", 6, 6]]);
    assert.match(print("problems", theirs), /ran-by-hand/);
}));

test("through a pooler in transaction mode the answer is the same", () => connected(async (client) => {
    await prepare(client, [U, W, "alter table wc drop column user_id"], [0, 1]);
    const pooled = `postgresql:///effects?host=${bouncer}&port=6432&user=postgres`;
    for (let i = 0; i < 3; i++) assert.deepEqual(standings(pooled), standings());
    assert.equal(standings(pooled)[1][0], "partly");
}));

const paths = [
    ["the first schema of the path that holds them", "app, public", { app: [U, W] }, "there"],
    ["not the first of the path but the one that holds most", "app, other", { app: ["create table users ()"], other: [U, W] }, "there"],
    ["a tie is public, whatever the path says", "app, other", { app: [U, W], other: [U, W] }, "missing"],
    ["none of them, but public, which is on it", "app, public", { public: [U, W], app: [] }, "there"],
    ["tables in a schema that is not on the path are not compared", "app", { public: [U, W], app: [] }, "unknown"],
    ["a schema whose name has quotes", '"My Schema", public', { "My Schema": [U, W] }, "there"],
    ["the user's own", '"$user", public', { postgres: [U, W] }, "there"],
    ["a schema that is not there does not count", "absent, app", { app: [U, W] }, "there"],
];
for (const [name, list, schemas, state] of paths) {
    test(`unqualified names: ${name}`, () => connected(async (client) => {
        await prepare(client, [], [0, 1]);
        await client.query("drop schema if exists postgres cascade");
        for (const [schema, made] of Object.entries(schemas)) {
            await client.query(`create schema if not exists "${schema}"; set search_path = "${schema}"`);
            for (const sql of made) await client.query(sql);
        }
        await client.query(`alter database effects set search_path = ${list}`);
        assert.deepEqual(standings().map((it) => it[0]), [state, state]);
        await client.query("drop schema if exists postgres cascade; alter database effects reset search_path");
    }));
}

test("of a large database only what the files name is read, and the answer is the same", () => connected((client) => connected(async (other) => {
    await prepare(client, [U, W, "create index wc_user on wc (user_id)", "create schema tenant", "create table tenant.done (id serial, hash text, created_at bigint)"], [0]);
    const pooled = `postgresql:///effects?host=${bouncer}&port=6432&user=postgres`, theirs = uri.replace("user=postgres", "user=nothing_granted");
    await client.query("grant usage on schema drizzle to nothing_granted; grant select on drizzle.__drizzle_migrations to nothing_granted");
    const answers = () => [uri, pooled, theirs].map((from) => [standings(from), print("problems", from), print("databases/d/schema", from)]);
    await makeNoise(client);
    const small = answers(), logged = fs.statSync(process.env.MIGFS_TEST_LOG).size;
    assert.match(small[0][1], /ran-by-hand/);
    assert.match(small[0][1], /tenant.*ledger-elsewhere/);
    await client.query("alter database effects set log_statement = 'all'");
    await showNoise(client);
    try {
        await other.query("begin; create table noise.open (id int); alter table noise.n1 add column nick text; alter table users add column nick text");
        assert.deepEqual(answers(), small);
        await other.query("rollback");
        assert.match(fs.readFileSync(process.env.MIGFS_TEST_LOG, "utf8").slice(logged), /unnest\(E'\{[^}]*"users_id_seq"/);
    } finally {
        await hideNoise(client);
        await client.query("drop schema pg_noise, tenant cascade; alter database effects reset log_statement");
    }
})));

// PostgreSQL shortens such a name further for each digit of the number that it appends. Who has the names before is named in no file.
test("in a large database a number in a generated name of 63 bytes is counted like PostgreSQL counts", () => connected(async (client) => {
    const generated = (letters, number) => `${"l".repeat(letters)}_id_seq${number}`, taken = [generated(56, "")];
    for (let number = 1; number < 100; number++) taken.push(generated(number < 10 ? 55 : 54, number));
    const run = [`create table "${"l".repeat(60)}" ("id" serial)`, `alter sequence "${generated(53, 100)}" rename to "it_is_this_one"`];
    const other = fs.mkdtempSync(path.join(os.tmpdir(), "effects-server-"));
    fs.mkdirSync(path.join(other, "meta"));
    fs.writeFileSync(path.join(other, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
    run.forEach((sql, i) => fs.writeFileSync(path.join(other, `${entries[i].tag}.sql`), sql));
    await prepare(client, taken.map((name, i) => `create table hand${i} (a int); create index "${name}" on hand${i} (a)`), []);
    await client.query(`begin; ${run.join("; ")}; rollback`); // PostgreSQL says that it is right
    const small = printOf(other, "problems");
    assert.doesNotMatch(small, /will-abort/);
    await makeNoise(client);
    await showNoise(client);
    try {
        assert.equal(printOf(other, "problems"), small);
    } finally {
        await hideNoise(client);
        await client.query("drop schema pg_noise cascade");
        fs.rmSync(other, { recursive: true });
    }
}));
