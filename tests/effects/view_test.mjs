// A mount of a folder whose SQL takes the parser long: the view stands and answers all the while, says what is being read, and `sync` waits for it.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { makeNoise, showNoise } from "./noise.mjs";

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
    for (const line of first) assert.match(line, /^effects: (being read|unknown \(the parser cannot get through it\)|creates table users \(1 column\))$/);
    execFileSync("sync", [path.join(view, "problems")]);
    for (let i = 0; i < 2; i++) assert.deepEqual(effects(i), ["effects: unknown (the parser cannot get through it)", "effects d: unknown"]);
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

test("a new file is compared with the catalogs as they are after it, also if they are being read when it comes", { timeout: 120000 }, async () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "effects-late-")), source = path.join(place, "drizzle"), mounted = path.join(place, "view");
    const client = new pg.Client({ connectionString: uri }), other = new pg.Client({ connectionString: uri }), status = path.join(mounted, "status", tag(1));
    const put = (i, sql) => {
        fs.writeFileSync(path.join(source, `${tag(i)}.sql`), sql);
        fs.writeFileSync(path.join(source, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries: entriesOf(i + 1) }));
    };
    fs.mkdirSync(path.join(source, "meta"), { recursive: true });
    fs.mkdirSync(mounted);
    await client.connect();
    await other.connect();
    await client.query("drop schema if exists public, drizzle, app cascade; create schema public; create schema drizzle; create table users (id int)");
    await client.query("create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)");
    put(0, 'CREATE TABLE "users" ("id" int);');
    execFileSync(program, [`--database=d=${uri}`, "--poll=3600", "--timeout=60", source, mounted]);
    try {
        await other.query("begin; lock table drizzle.__drizzle_migrations");
        const sync = spawn("sync", [path.join(mounted, "problems")], { stdio: "ignore" }), synced = new Promise((resolve) => sync.on("exit", resolve));
        while (!(await client.query("select 1 from pg_stat_activity where application_name = 'migfs' and wait_event_type = 'Lock'")).rows.length) await pause();
        await client.query("create table later (id int)");
        put(1, 'CREATE TABLE "later" ("id" int);');
        await until(() => fs.existsSync(status));
        await other.query("rollback");
        await synced;
        await until(() => fs.readFileSync(status, "utf8").includes("\neffects d: 2 of 2 there"));
    } finally {
        spawnSync("fusermount3", ["-u", mounted]);
        await client.end();
        await other.end();
        fs.rmSync(place, { recursive: true });
    }
});

test("a database that becomes a large one: what a new file makes is known after `sync`", async () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "effects-large-")), source = path.join(place, "drizzle"), mounted = path.join(place, "view");
    const client = new pg.Client({ connectionString: uri }), said = (i) => fs.readFileSync(path.join(mounted, "status", tag(i)), "utf8").match(/^effects d: .*$/m)[0];
    const put = (i, sql) => {
        fs.writeFileSync(path.join(source, `${tag(i)}.sql`), sql);
        fs.writeFileSync(path.join(source, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries: entriesOf(i + 1) }));
    };
    const sync = () => execFileSync("sync", [path.join(mounted, "problems")]);
    fs.mkdirSync(path.join(source, "meta"), { recursive: true });
    fs.mkdirSync(mounted);
    await client.connect();
    await client.query("drop schema if exists public, drizzle, app cascade; create schema public; create table users (id int)");
    await makeNoise(client);
    put(0, 'CREATE TABLE "users" ("id" int);');
    execFileSync(program, [`--database=d=${uri}`, "--poll=3600", "--timeout=20", source, mounted]);
    try {
        sync();
        assert.equal(said(0), "effects d: 2 of 2 there");
        await showNoise(client);
        sync();
        assert.equal(said(0), "effects d: 2 of 2 there");
        for (let i = 1; i < 4; i++) {
            put(i, `CREATE TABLE "later${"x".repeat(i)}" ("id" serial PRIMARY KEY);`);
            sync();
            assert.equal(said(i), "effects d: 0 of 5 there");
            await client.query(fs.readFileSync(path.join(source, `${tag(i)}.sql`), "utf8"));
            sync();
            assert.equal(said(i), "effects d: 5 of 5 there");
        }
    } finally {
        spawnSync("fusermount3", ["-u", mounted]);
        await client.query("set allow_system_table_mods = on; drop schema if exists noise, pg_noise cascade");
        await client.end();
        fs.rmSync(place, { recursive: true });
    }
});

// ---- while what reads SQL does nothing at all ----

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

async function until(isSo) {
    while (!isSo()) await pause();
}

// Of a process: its state and its parent; undefined where it has gone.
function stat(pid) {
    try {
        const [state, parent] = fs.readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
        return { state, parent: Number(parent) };
    } catch {
        return undefined;
    }
}

const childrenOf = (parent) => fs.readdirSync("/proc").filter((it) => /^\d+$/.test(it) && stat(it)?.parent === parent).map(Number);

// Every file below it, read.
function readAll(directory) {
    return fs.readdirSync(directory, { withFileTypes: true }).reduce((sum, it) => {
        const file = path.join(directory, it.name);
        return sum + (it.isDirectory() ? readAll(file) : it.isFile() ? fs.readFileSync(file).length : 0);
    }, 0);
}

test("every file is answered, and the folder followed, while the workers stand still", async () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "effects-still-")), source = path.join(place, "drizzle"), mounted = path.join(place, "view");
    fs.mkdirSync(path.join(source, "meta"), { recursive: true });
    fs.mkdirSync(mounted);
    fs.writeFileSync(path.join(source, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries: entriesOf(12) }));
    for (let i = 0; i < 12; i++) fs.writeFileSync(path.join(source, `${tag(i)}.sql`), bomb(i));
    const daemon = spawn(program, ["-f", "--no-database", source, mounted], { stdio: "ignore" });
    const ended = new Promise((resolve) => daemon.on("exit", resolve));
    await until(() => fs.existsSync(path.join(mounted, "problems")) || daemon.exitCode !== null);
    // The one that starts them first, so that none is started behind our back.
    const [keeper] = childrenOf(daemon.pid);
    process.kill(keeper, "SIGSTOP");
    await until(() => stat(keeper).state === "T");
    const workers = childrenOf(keeper).filter((pid) => stat(pid)?.state !== "Z");
    for (const pid of workers) process.kill(pid, "SIGSTOP");
    await until(() => workers.every((pid) => stat(pid).state === "T"));
    assert.ok(workers.length > 0, "all was read before they could be stopped");
    for (let round = 0; round < 20; round++) assert.ok(readAll(mounted) > 12 * 100000);
    fs.writeFileSync(path.join(source, "0099_new.sql"), "SELECT 1;");
    await until(() => fs.existsSync(path.join(mounted, "status/0099_new")));
    assert.ok(readAll(mounted) > 12 * 100000);
    assert.ok(workers.every((pid) => stat(pid).state === "T"));
    for (const pid of [...workers, keeper]) process.kill(pid, "SIGCONT");
    daemon.kill("SIGTERM");
    assert.equal(await ended, 0);
    fs.rmSync(place, { recursive: true });
});

test("where the process that starts the workers was killed, that is the reason given", async () => {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "effects-killed-")), source = path.join(place, "drizzle"), mounted = path.join(place, "view");
    fs.mkdirSync(path.join(source, "meta"), { recursive: true });
    fs.mkdirSync(mounted);
    fs.writeFileSync(path.join(source, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries: entriesOf(1) }));
    fs.writeFileSync(path.join(source, `${tag(0)}.sql`), "CREATE TABLE a (id int);");
    const daemon = spawn(program, ["-f", "--no-database", source, mounted], { stdio: "ignore" });
    const ended = new Promise((resolve) => daemon.on("exit", resolve));
    await until(() => fs.existsSync(path.join(mounted, "problems")) || daemon.exitCode !== null);
    const effectsOf = (name) => /^effects: (.*)$/m.exec(fs.readFileSync(path.join(mounted, "status", name), "utf8"))[1];
    assert.equal(effectsOf(tag(0)), "creates table a (1 column)");
    for (const pid of childrenOf(daemon.pid)) process.kill(pid, "SIGKILL");
    fs.writeFileSync(path.join(source, "0099_new.sql"), "SELECT 1;");
    execFileSync("sync", [path.join(mounted, "problems")]);
    assert.equal(effectsOf("0099_new"), "unknown (no process could be started to parse it)");
    assert.equal(effectsOf(tag(0)), "creates table a (1 column)");
    daemon.kill("SIGTERM");
    assert.equal(await ended, 0);
    fs.rmSync(place, { recursive: true });
});
