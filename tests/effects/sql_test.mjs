// Migrations that repeat one another however they are written, and what the runner's one transaction cannot hold: as said, then by the real runner.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Database, Folder, Migfs } from "./lab.mjs";

let a;
before(async () => (a = await Database.create("sql")));
beforeEach(() => a.empty());
after(() => a.end());

const U = 'CREATE TABLE "users" ("id" integer, "name" varchar(9));';

// The lines of these codes: [code, tag, a part of the sentence]; and what the runner says to all that is pending.
async function said(files, run, expected, outcome) {
    const folder = new Folder(files);
    try {
        await a.query(run.map((tag) => files[tag]).join(""));
        await a.record(folder, ...run);
        const found = new Migfs(folder, [a]).problems().filter((it) => ["same-sql", "in-transaction"].includes(it.code));
        assert.deepEqual(found.map((it) => [it.code, it.tag]), expected.map(([code, tag]) => [code, tag]), found.map((it) => it.sentence).join("\n"));
        expected.forEach(([, , part], i) => assert.ok(found[i].sentence.includes(part), found[i].sentence));
        const { error } = await a.deploy(folder);
        assert.equal(error, outcome);
    } finally {
        folder.remove();
    }
}

// ---- the same, however it is written ----

const spellings = {
    "blanks, case, comments and quotes": ['ALTER TABLE "users" ADD COLUMN "nick" integer;', "-- again\nalter table users\n  add nick /* a number */ INTEGER"],
    "the schema that is meant anyhow": ['ALTER TABLE "users" ADD COLUMN "nick" text;', 'ALTER TABLE "public"."users" ADD "nick" text;'],
    "a type's other name": ['ALTER TABLE "users" ADD COLUMN "nick" int4;', 'ALTER TABLE "users" ADD COLUMN "nick" integer;'],
};
for (const [name, [first, second]] of Object.entries(spellings)) {
    test(`same-sql: ${name}`, () => said({ "0000_u": U, "0001_a": first, "0002_b": `${second};\nSELECT 1;` }, ["0000_u", "0001_a"], [["same-sql", "0002_b", "of 0001_a"]], "42701"));
}
test("same-sql: statement for statement", () => said({ "0000_u": U, "0001_a": 'CREATE TABLE "t" ("id" int);\nCREATE INDEX "i" ON "t" ("id");', "0002_b": "create table t (id integer);--> statement-breakpoint\ncreate index i on t using btree (id)" }, ["0000_u", "0001_a"], [["same-sql", "0002_b", "holds the same statements as 0001_a"]], "42P07"));
test("other names that only look alike", () => said({ "0000_u": U, "0001_a": 'ALTER TABLE "users" ADD "nick" int;', "0002_b": 'ALTER TABLE "users" ADD "Nick" int;' }, ["0000_u", "0001_a"], [], undefined));
test("another length of a type", () => said({ "0000_u": U, "0001_a": 'ALTER TABLE "users" ALTER "name" TYPE varchar(10);', "0002_b": 'ALTER TABLE "users" ALTER "name" TYPE varchar(11);' }, ["0000_u"], [], undefined));
test("another constant", () => said({ "0000_u": U, "0001_a": `ALTER TABLE "users" ALTER "name" SET DEFAULT 'a';`, "0002_b": `ALTER TABLE "users" ALTER "name" SET DEFAULT 'b';` }, ["0000_u"], [], undefined));

// ---- what one transaction cannot hold ----

const forbidden = {
    'CREATE INDEX CONCURRENTLY "i" ON "users" ("id")': ["CREATE INDEX CONCURRENTLY", "25001"],
    'create unique index /* now */ concurrently if not exists i on users (id)': ["CREATE INDEX CONCURRENTLY", "25001"],
    "DROP INDEX CONCURRENTLY IF EXISTS nope": ["DROP INDEX CONCURRENTLY", "25001"],
    "REINDEX (VERBOSE, CONCURRENTLY) TABLE users": ["REINDEX CONCURRENTLY", "25001"],
    "VACUUM (FULL) users": ["VACUUM", "25001"],
    "ALTER SYSTEM SET work_mem = '4MB'": ["ALTER SYSTEM", "25001"],
    "DISCARD ALL": ["DISCARD ALL", "25001"],
};
for (const [sql, [what, code]] of Object.entries(forbidden)) {
    test(`in-transaction: ${sql}`, () => said({ "0000_u": U, "0001_a": sql }, ["0000_u"], [["in-transaction", "0001_a", what]], code));
}
for (const sql of ["ANALYZE users", "CREATE TABLE vacuum (id int)", "COMMENT ON TABLE users IS 'VACUUM'", "REINDEX TABLE users", "SAVEPOINT a; ROLLBACK TO a; RELEASE a", "CREATE INDEX concurrently_ ON users (id)"]) {
    test(`a transaction holds: ${sql}`, () => said({ "0000_u": U, "0001_a": sql }, ["0000_u"], [], undefined));
}

// ---- a value added and used in one run ----

const mood = "CREATE TYPE \"mood\" AS ENUM('a');\nCREATE TABLE \"m\" (\"id\" int, \"mood\" \"mood\");";
const uses = {
    "a row": ["INSERT INTO m VALUES (1, 'it''s')", "55P04"],
    "a cast": ["SELECT 'it''s'::public.mood", "55P04"],
    "an index": ["CREATE INDEX i ON m (id) WHERE mood = 'it''s'", "55P04"],
    "a default": ["ALTER TABLE m ALTER mood SET DEFAULT 'it''s'", "55P04"],
};
for (const [name, [sql, code]] of Object.entries(uses)) {
    test(`in-transaction: a new value in ${name}`, () => said({ "0000_m": mood, "0001_v": "ALTER TYPE \"mood\" ADD VALUE 'it''s'", "0002_u": sql }, ["0000_m"], [["in-transaction", "0002_u", "it''s"]], code));
}
test("in-transaction: a new value that a DO block adds", () => said({ "0000_m": mood, "0001_v": "DO $$ BEGIN ALTER TYPE \"mood\" ADD VALUE 'it''s'; EXCEPTION WHEN duplicate_object THEN null; END $$", "0002_u": "INSERT INTO m VALUES (1, 'it''s')" }, ["0000_m"], [["in-transaction", "0002_u", "it''s"]], "55P04"));
const adds = "ALTER TYPE \"mood\" ADD VALUE 'it''s'";
test("in-transaction: a new value that a DO block uses", () => said({ "0000_m": mood, "0001_v": adds, "0002_u": "DO $$ BEGIN INSERT INTO m VALUES (1, 'it''s'); END $$" }, ["0000_m"], [["in-transaction", "0002_u", "it''s"]], "55P04"));
test("in-transaction: a new value that a DO block adds and uses", () => said({ "0000_m": mood, "0001_v": `DO $$ BEGIN ${adds}; UPDATE m SET mood = 'it''s'; END $$` }, ["0000_m"], [["in-transaction", "0001_v", "it itself"]], "55P04"));
test("a value that two DO blocks add where it is not there", () => {
    const block = `DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumtypid = 'mood'::regtype AND enumlabel = 'it''s') THEN ${adds}; END IF; PERFORM 1 FROM m WHERE mood = 'a'; END $$`;
    return said({ "0000_m": mood, "0001_v": block, "0002_v": block.replace("PERFORM 1", "PERFORM 2") }, ["0000_m"], [], undefined);
});
test("a value that is only spoken of", () => said({ "0000_m": mood, "0001_v": "ALTER TYPE \"mood\" ADD VALUE 'b'", "0002_u": "COMMENT ON TABLE m IS 'b'; INSERT INTO m VALUES (1, 'a' /* not 'b' */)" }, ["0000_m"], [], undefined));
