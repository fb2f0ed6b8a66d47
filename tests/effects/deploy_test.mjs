// What `summary` says of the next run, by either journal, and what the real runner then does; and what is said of files that no journal lists.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Database, Folder, Migfs } from "./lab.mjs";

const U = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "name" text);';
const W = 'CREATE TABLE "wc" ("id" text PRIMARY KEY, "user_id" integer NOT NULL REFERENCES "users"("id"));\nCREATE INDEX "wc_user" ON "wc" ("user_id");';

let a, b;
before(async () => ([a, b] = [await Database.create("a"), await Database.create("b")]));
beforeEach(() => Promise.all([a.empty(), b.empty()]));
after(() => Promise.all([a.end(), b.end()]));

async function lab(files, listed, body) {
    const folder = new Folder(files, listed);
    try {
        await body(folder);
    } finally {
        folder.remove();
    }
}

// What migfs foretells is what the runner does.
async function foretold(database, folder, lines, outcome) {
    assert.deepEqual(lines, outcome.lines);
    assert.deepEqual(await database.deploy(folder), outcome.deploy);
}

test("the next run meets what was made by hand", () => lab({ "0000_u": U, "0001_w": W, "0002_x": "ALTER TABLE users ADD x int" }, undefined, async (folder) => {
    await a.query(U + W);
    await a.record(folder, "0000_u");
    const migfs = new Migfs(folder, [a]);
    const line = 'aborts at line 1 of 0001_w.sql, and nothing of the run stays: table wc is there already (42P07) at `create table wc (';
    const { both } = migfs.next("a");
    assert.ok(both[0].startsWith(line), both[0]);
    assert.equal(both[1], "of 2: 0001_w, 0002_x");
    assert.ok(migfs.print("summary").includes(line));
    const status = migfs.run("status");
    assert.ok(status.out.includes(`a: ${line}`), status.out);
    assert.deepEqual(await a.deploy(folder), { error: "42P07" });
}));

test("what is pending is there for what comes after it", () => lab({ "0000_u": U, "0001_w": W, "0002_i": 'CREATE INDEX "i" ON "wc" ("id")' }, undefined, async (folder) => {
    await a.query(U);
    await a.record(folder, "0000_u");
    await foretold(a, folder, new Migfs(folder, [a]).next("a").both, { lines: ["runs 2: 0001_w, 0002_i"], deploy: { ran: ["0001_w", "0002_i"] } });
}));

test("a run fails in its middle", () => lab({ "0000_u": U, "0001_w": W, "0002_n": "SELECT 1;\nALTER TABLE nope ADD x int", "0003_x": "ALTER TABLE users ADD x int" }, undefined, async (folder) => {
    await a.query(U);
    await a.record(folder, "0000_u");
    const migfs = new Migfs(folder, [a]);
    const lines = ["aborts at line 2 of 0002_n.sql, and nothing of the run stays: table nope is not there (42P01) at `alter table nope add x int`", "of 3: 0001_w, 0002_n, 0003_x"];
    assert.deepEqual(migfs.codes(), ["will-abort 0002_n"]);
    await foretold(a, folder, migfs.next("a").both, { lines, deploy: { error: "42P01" } });
}));

test("a type that is renamed and made again is not half there", () => lab({ "0000_m": "CREATE TYPE mood AS ENUM('a', 'b'); CREATE TABLE m (id int, mood mood);", "0001_r": "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM('a', 'c'); ALTER TABLE m ALTER COLUMN mood TYPE mood USING mood::text::mood; DROP TYPE mood_old;" }, undefined, async (folder) => {
    await a.query(folder.sql("0000_m"));
    await a.record(folder, "0000_m");
    assert.deepEqual(new Migfs(folder, [a]).codes(), []);
    assert.deepEqual(await a.deploy(folder), { ran: ["0001_r"] });
    assert.deepEqual(new Migfs(folder, [a]).codes(), []);
}));

test("nothing is foretold behind what is not known", () => lab({ "0000_u": U, "0001_d": "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || 'nope' || ' ()'; END $$", "0002_n": "ALTER TABLE nope ADD x int" }, undefined, async (folder) => {
    await a.query(U);
    await a.record(folder, "0000_u");
    await foretold(a, folder, new Migfs(folder, [a]).next("a").both, { lines: ["runs 2: 0001_d, 0002_n"], deploy: { ran: ["0001_d", "0002_n"] } });
}));

test("only the consistent journal's run fails", () => lab({ "0000_u": U, "0001_w": W, "0002_w": 'CREATE TABLE "wc" ("other" int)' }, ["0000_u", "0002_w"], async (folder) => {
    await a.query(U);
    await a.record(folder, "0000_u");
    const migfs = new Migfs(folder, [a]);
    const { disk, here } = migfs.next("a");
    assert.deepEqual(disk, ["runs 1: 0002_w", "leaves out 1: 0001_w"]);
    assert.match(here[0], /^aborts at line 1 of 0002_w.sql, .* table wc is there already \(42P07\)/);
    assert.equal(here[1], "of 2: 0001_w, 0002_w");
    const said = migfs.problems().filter((it) => it.code === "will-abort");
    assert.deepEqual(said.map((it) => it.tag), ["0002_w"]);
    assert.match(said[0].sentence, /from the consistent journal/);
    assert.equal(migfs.run("fix").status, 0);
    assert.deepEqual(await a.deploy(folder), { error: "42P07" });
}));

// ---- files that no journal lists ----

const unlisted = { files: { "0000_u": U, "0001_w": W, "0002_x": "ALTER TABLE users ADD x int" }, listed: ["0000_u", "0002_x"] };

async function ranWithout(folder, database) {
    await database.query(`${U}ALTER TABLE users ADD x int`);
    await database.record(folder, "0000_u", "0002_x");
}

test("it is there in every database: held, and nothing changes", () => lab(unlisted.files, unlisted.listed, async (folder) => {
    for (const it of [a, b]) await ranWithout(folder, it), await it.query(W);
    const migfs = new Migfs(folder, [a, b]);
    assert.deepEqual(migfs.codes(), ["held 0001_w"]);
    assert.match(migfs.problems().find((it) => it.code === "held").sentence, /all 7 objects it makes are there in databases a, b/);
    assert.match(migfs.print("status/0001_w"), /^state: held$/m);
    const { status, out, err } = migfs.run("fix");
    assert.deepEqual({ status, out }, { status: 0, out: "" });
    assert.match(err, /^migfs: for you to decide: 0001_w\.sql: .*\[held\]\n$/);
    assert.deepEqual(await a.deploy(folder), { ran: [] });
    // The one way out.
    folder.rules("exclude 0001_w");
    assert.deepEqual(migfs.codes(), []);
    assert.deepEqual(folder.listed(), unlisted.listed);
}));

test("held, and the rules that the line names list it", () => lab(unlisted.files, unlisted.listed, async (folder) => {
    for (const it of [a, b]) await ranWithout(folder, it), await it.query(W);
    const migfs = new Migfs(folder, [a, b]);
    const [, rules] = /if no other database is to get it, else `include 0001_w`, and run .* with psql; or, where every database that lacks it is attached, (.*)$/.exec(migfs.problems().find((it) => it.code === "held").sentence);
    assert.equal(rules, "`applied 0001_w a`, `applied 0001_w b`");
    folder.rules("applied 0001_w a", "applied 0001_w b");
    assert.equal(migfs.run("fix").status, 0);
    assert.deepEqual(folder.listed(), ["0000_u", "0001_w", "0002_x"]);
    assert.deepEqual(migfs.codes(), []);
    for (const it of [a, b]) assert.deepEqual(await it.deploy(folder), { ran: [] });
    await a.empty();
    assert.deepEqual(await a.deploy(folder), { ran: ["0000_u", "0001_w", "0002_x"] });
}));

test("it is there in one of two: refused until a rule decides", () => lab(unlisted.files, unlisted.listed, async (folder) => {
    for (const it of [a, b]) await ranWithout(folder, it);
    await a.query(W);
    const migfs = new Migfs(folder, [a, b]);
    assert.deepEqual(migfs.codes(), ["ran-by-hand 0001_w"]);
    assert.equal(migfs.run("print", "_journal.json").status, 2);
    assert.equal(migfs.run("fix").status, 1);
    assert.match(migfs.print("summary"), /refused: everything 0001_w does is there in database a, but not in every other/);
    assert.match(migfs.problems()[0].sentence, /write `exclude 0001_w` into \.migfs if the others are not to get it, else `include 0001_w`, and run databases\/a\/baseline.sql with psql$/);
    assert.equal(migfs.run("print", "databases/a/_journal.json").status, 2);
    assert.equal(migfs.run("print", "databases/b/_journal.json").status, 0);
    folder.rules("include 0001_w");
    a.psql(migfs.print("databases/a/baseline.sql"));
    assert.equal(migfs.run("fix").status, 0);
    assert.deepEqual(migfs.codes(), []);
    assert.deepEqual(await a.deploy(folder), { ran: [] });
    assert.deepEqual(await b.deploy(folder), { ran: ["0001_w"] });
}));

test("there in one of two, and the others are not to get it", () => lab(unlisted.files, unlisted.listed, async (folder) => {
    for (const it of [a, b]) await ranWithout(folder, it);
    await a.query(W);
    const migfs = new Migfs(folder, [a, b]);
    folder.rules("exclude 0001_w");
    assert.deepEqual(migfs.codes(), []);
    assert.deepEqual(migfs.run("fix"), { status: 0, out: "", err: "" });
    for (const it of [a, b]) assert.deepEqual(await it.deploy(folder), { ran: [] });
}));

test("there in a database that was pushed and has no ledger, not in the other", () => lab(unlisted.files, unlisted.listed, async (folder) => {
    await ranWithout(folder, a);
    await b.query(`${U}ALTER TABLE users ADD x int;${W}`);
    const migfs = new Migfs(folder, [a, b]);
    assert.deepEqual(migfs.codes(), ["ledger-lost b", "ran-by-hand 0001_w"]);
    assert.match(migfs.problems().find((it) => it.code === "ran-by-hand").sentence, /else `include 0001_w`, and run databases\/b\/baseline.sql with psql$/);
    folder.rules("include 0001_w");
    b.psql(migfs.print("databases/b/baseline.sql"));
    assert.equal(migfs.run("fix").status, 0);
    assert.deepEqual(migfs.codes(), []);
    assert.deepEqual(await b.deploy(folder), { ran: [] });
    assert.deepEqual(await a.deploy(folder), { ran: ["0001_w"] });
}));

// ---- evidence for what is held by its number ----

async function heldAs(sql, sentence, prepare = () => {}) {
    await lab({ "0000_u": U, "0001_w": W, "0001_old": sql }, ["0000_u", "0001_w"], async (folder) => {
        await a.query(U + W);
        await a.record(folder, "0000_u", "0001_w");
        await prepare();
        const migfs = new Migfs(folder, [a]);
        assert.deepEqual(migfs.codes(), ["held 0001_old"]);
        assert.ok(migfs.problems()[0].sentence.endsWith(sentence), migfs.problems()[0].sentence);
    });
}

test("held, and all of it is there", () => heldAs('CREATE TABLE "old" ("id" int, "x" int); CREATE INDEX "old_x" ON "old" ("x");', "; all 4 objects it makes are there in database a: `exclude` it", () => a.query('CREATE TABLE "old" ("id" int, "x" int); CREATE INDEX "old_x" ON "old" ("x");')));
test("held, and it would run", () => heldAs('CREATE TABLE "old" ("id" int, "x" int);', "; none of its 3 objects is there in database a, and it would run: `include` it if it was meant"));
test("held, and it would abort", () => heldAs("ALTER TABLE old ADD y int", "; what it does is not there in database a, and it would abort at line 1: table old is not there"));
