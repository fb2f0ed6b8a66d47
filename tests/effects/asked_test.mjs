// How often databases are asked for their catalogs, by the server's log: a large one, which is asked by the names in the folder's SQL, and a small one
// beside it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { makeNoise, showNoise } from "./noise.mjs";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const program = process.env.MIGFS, log = process.env.MIGFS_TEST_LOG, uri = process.env.MIGFS_TEST_URI, small = uri.replace("/effects?", "/effects_small?");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "effects-asked-")), folder = path.join(scratch, "drizzle"), view = path.join(scratch, "view");
const tags = ["0000_f", "0001_f"], entries = tags.map((tag, idx) => ({ idx, version: "7", when: 1700000000000 + idx * 100000, tag, breakpoints: true }));

// At once, as a whole: each change of the folder has the databases read.
function put(name, text) {
    fs.writeFileSync(path.join(scratch, "new"), text);
    fs.renameSync(path.join(scratch, "new"), path.join(folder, name));
}

async function connected(to, body) {
    const client = new pg.Client({ connectionString: to });
    await client.connect();
    try {
        await body(client);
    } finally {
        await client.end();
    }
}

// What was asked since the log had this length: `ahead`, all catalogs, or those of certain names.
function askedSince(length) {
    const messages = fs.readFileSync(log, "utf8").slice(length).split(/ LOG: {2}statement: /).slice(1);
    const asked = messages.filter((it) => it.includes("row_security_active")).map((it) => (!it.includes("pg_policy") ? "ahead" : it.includes("unnest(E'") ? "named" : "all"));
    return asked.sort().join(" ");
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const logged = () => fs.statSync(log).size;
const saidOf = (database) => fs.readFileSync(path.join(view, "status", tags[1]), "utf8").match(new RegExp(`^effects ${database}: (.*)$`, "m"))[1];
const sync = () => execFileSync("sync", [path.join(view, "problems")]);

fs.mkdirSync(path.join(folder, "meta"), { recursive: true });
fs.mkdirSync(view);
put("meta/_journal.json", JSON.stringify({ version: "7", dialect: "postgresql", entries }));
put(`${tags[0]}.sql`, 'CREATE TABLE "users" ("id" int);');
put(`${tags[1]}.sql`, 'CREATE TABLE "posts" ("id" int);');
await connected(uri, async (client) => {
    await client.query("drop database if exists effects_small with (force)");
    await client.query("create database effects_small");
    await client.query("drop schema if exists public, drizzle, app cascade; create schema public; create table users (id int)");
    await makeNoise(client);
    await showNoise(client);
    await client.query("alter database effects set log_statement = 'all'; alter database effects_small set log_statement = 'all'");
});
after(async () => {
    spawnSync("fusermount3", ["-u", view]);
    await connected(uri, async (client) => {
        await client.query("alter database effects reset log_statement");
        await client.query("set allow_system_table_mods = on; drop schema if exists noise, pg_noise cascade");
        await client.query("drop database effects_small with (force)");
    });
    fs.rmSync(scratch, { recursive: true });
});

test("a large database is asked once for its catalogs, after the question whether it is large", () => {
    const before = logged(), { stdout } = spawnSync(program, ["print", `--database=d=${uri}`, folder, `status/${tags[0]}`], { encoding: "utf8" });
    assert.match(stdout, /^effects d: 2 of 2 there$/m);
    assert.equal(askedSince(before), "ahead named");
});

test("what is edited has each database asked once, whether it has names that are new or not", { timeout: 120000 }, async () => {
    execFileSync(program, [`--database=large=${uri}`, `--database=small=${small}`, "--poll=3600", "--timeout=60", folder, view]);
    sync();
    for (const [sql, said] of [['CREATE TABLE "pages" ("id" int, "n" int);', "0 of 3 there"], ['CREATE TABLE "pages" ("id" int);', "0 of 2 there"], ['CREATE TABLE "users" ("id" int);', "2 of 2 there"]]) {
        await pause(200); // so that a read begins at once, not together with a later one
        const before = logged();
        put(`${tags[1]}.sql`, sql);
        while (saidOf("large") !== said || !/all.*named/.test(askedSince(before))) await pause(20);
        sync(); // which has both asked once more
        assert.equal(saidOf("large"), said);
        assert.equal(askedSince(before), "all all named named");
    }
});
