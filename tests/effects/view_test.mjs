// A mount of a folder whose SQL takes the parser long: the view stands and answers all the while, says what is being read, and `sync` waits for it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const program = process.env.MIGFS, uri = process.env.MIGFS_TEST_URI;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "effects-view-")), folder = path.join(scratch, "drizzle"), view = path.join(scratch, "view");
after(() => {
    spawnSync("fusermount3", ["-u", view]);
    fs.rmSync(scratch, { recursive: true });
});

// Nested comments take the parser the square of their number; two of them more than a view waits for.
const bomb = (n) => `${"/*".repeat(100000 + n)}`;
const files = [bomb(1), bomb(2), 'CREATE TABLE "users" ("id" int);'];
const tag = (i) => `000${i}_f`;
const entriesOf = (n) => Array.from({ length: n }, (_, idx) => ({ idx, version: "7", when: 1700000000000 + idx * 100000, tag: tag(idx), breakpoints: true }));
const write = (n) => fs.writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries: entriesOf(n) }));
const effects = (i) => fs.readFileSync(path.join(view, "status", tag(i)), "utf8").split("\n").filter((line) => line.startsWith("effects"));

test("the view stands while SQL is read, and sync waits for all of it", async () => {
    fs.mkdirSync(path.join(folder, "meta"), { recursive: true });
    fs.mkdirSync(view);
    files.forEach((sql, i) => fs.writeFileSync(path.join(folder, `${tag(i)}.sql`), sql));
    write(files.length);
    const client = new pg.Client({ connectionString: uri });
    await client.connect();
    await client.query("drop schema if exists public, drizzle, app cascade; create schema public; create table users (id int)");
    execFileSync(program, [`--database=d=${uri}`, "--poll=3600", folder, view]);
    const first = files.map((_, i) => effects(i)[0]);
    for (const line of first) assert.match(line, /^effects: (being read|unknown \(the parser does not get through it\)|creates table users \(1 column\))$/);
    execFileSync("sync", [path.join(view, "problems")]);
    for (let i = 0; i < 2; i++) assert.deepEqual(effects(i), ["effects: unknown (the parser does not get through it)", "effects d: unknown"]);
    assert.deepEqual(effects(2), ["effects: creates table users (1 column)", "effects d: 2 of 2 there"]);

    // A new file of which the database has what it makes already: the catalogs are read again, without a poll.
    await client.query("create table later (id int)");
    await client.end();
    fs.writeFileSync(path.join(folder, `${tag(3)}.sql`), 'CREATE TABLE "later" ("id" int);');
    write(4);
    let lines = [];
    for (let i = 0; i < 600 && !lines.includes("effects d: 2 of 2 there"); i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        lines = fs.existsSync(path.join(view, "status", tag(3))) ? effects(3) : [];
    }
    assert.deepEqual(lines, ["effects: creates table later (1 column)", "effects d: 2 of 2 there"]);
});
