// Cases with right values: files in order, which of them have a row, what has made the database. `is` is what each migration's effects are there:
// [state, there, of]; `codes` the problems of effects; `aborts` what the real runner's SQL meets at the first file that has no row.
const U = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "name" text);';
const W = 'CREATE TABLE "wc" ("id" text PRIMARY KEY, "user_id" integer NOT NULL REFERENCES "users"("id")); CREATE INDEX "wc_user" ON "wc" ("user_id");';
const icon = 'ALTER TABLE "users" ADD "icon" text';
const there = (n) => ["there", n, n];
const moods = (list) => `DO $$ BEGIN\n CREATE TYPE "mood" AS ENUM(${list});\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;`;

export const cases = [
    { files: [U, W, icon], rows: [0], made: [U], is: [there(6), ["missing", 0, 7], ["missing", 0, 1]], codes: [] },
    { files: [U, W], rows: [0], made: [U, W], is: [there(6), there(7)], codes: ["ran-by-hand"], aborts: "42P07" },
    { files: [U, W], rows: [0], made: [U, W, "DROP INDEX wc_user"], is: [there(6), ["partly", 6, 7]], missing: ["index wc_user"], codes: ["half-there"], aborts: "42P07" },
    { files: [U, W, 'ALTER TABLE "wc" RENAME TO "creds"'], rows: [0], made: "all", is: [there(6), there(6), there(2)], codes: ["ran-by-hand", "ran-by-hand"], aborts: "42P07" /* its index wc_user is there; the rename alone would meet 42P01 */ },
    { files: [U, 'CREATE TABLE IF NOT EXISTS "g" ("id" int)'], rows: [0], made: "all", is: [there(6), there(2)], codes: ["note:ran-by-hand"] },
    { files: [U, W], rows: [0, 1], made: [], is: [["missing", 0, 6], ["missing", 0, 7]], codes: ["emptied"] },
    { files: [U, 'CREATE TABLE "dummy" ("id" int)', 'DROP TABLE "dummy"'], rows: [0, 1, 2], made: "all", is: [there(6), ["superseded", 0, 0], there(1)], codes: [] },
    { files: [U, W], rows: [0, 1], made: [U, W, "DROP INDEX wc_user"], is: [there(6), ["partly", 6, 7]], codes: ["partly-effective"] },
    { files: [U, 'ALTER TABLE users ADD nick text', 'ALTER TABLE users RENAME nick TO handle'], rows: [0, 1, 2], made: "all", is: [there(6), ["superseded", 0, 0], there(2)], codes: [] },
    { files: ['CREATE TABLE "t" ("id" uuid PRIMARY KEY, CONSTRAINT "t_id_unique" UNIQUE("id"))'], rows: [0], made: "all", is: [there(4)], codes: [] },
    { files: ["CREATE TABLE a (x int UNIQUE, y int CHECK (y>0), z int, CHECK (y<z), UNIQUE (y,z)); CREATE INDEX ON a (x, lower(z::text));"], rows: [0], made: "all", is: [there(11)], codes: [] },
    { files: ['CREATE TABLE "t" ("id" int)', `ALTER TABLE t ADD CONSTRAINT "${"c".repeat(70)}" CHECK (id>0)`], rows: [0, 1], made: "all", is: [there(2), there(1)], codes: [] },
    { files: ['CREATE TABLE "Users" ("userId" int)', "ALTER TABLE users ADD x int"], rows: [0], made: [0], is: [there(2), ["missing", 0, 1]], codes: ["will-abort"], aborts: "42P01" },
    { files: [`CREATE TYPE "mood" AS ENUM('a','b')`, `ALTER TYPE "mood" ADD VALUE 'c' BEFORE 'b'`], rows: [0], made: [0], is: [there(3), ["missing", 0, 1]], codes: [] },
    { files: [U, moods("'a','b'")], rows: [0, 1], made: [U, `CREATE TYPE "mood" AS ENUM('a')`], is: [there(6), ["partly", 2, 3]], missing: ["value mood.b"], codes: ["partly-effective"] },
    { files: [U, 'CREATE TABLE IF NOT EXISTS "posts" ("id" int, "email" text)'], rows: [0, 1], made: [U, "CREATE TABLE posts (id int)"], is: [there(6), ["partly", 2, 3]], missing: ["column posts.email"], codes: ["partly-effective"] },
    { files: [U, `ALTER TABLE users ALTER name SET DEFAULT 'x', ALTER name SET NOT NULL`], rows: [0], made: [U, "ALTER TABLE users ALTER name SET DEFAULT 'x'"], is: [there(6), ["partly", 1, 2]], codes: ["half-there"] },
    { files: [U, `UPDATE "users" SET name='x'`], rows: [0], made: [U], is: [there(6), ["none", 0, 0]], codes: [] },
    { files: [U, "DO $$ BEGIN FOR i IN 1..2 LOOP EXECUTE format('ALTER TABLE users ADD c%s int', i); END LOOP; END $$"], rows: [0, 1], made: "all", is: [there(6), ["unknown", 0, 0]], codes: ["note:effects-unknown"] },
    { files: ["CREATE TYPE m AS ENUM('a'); CREATE TABLE t (id int, m m)", "DROP TYPE m CASCADE"], rows: [0, 1], made: "all", is: [there(2), there(2)], codes: [] },
    { files: [U, 'ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY "own" ON users USING (true)'], rows: [0], made: [U, "ALTER TABLE users ENABLE ROW LEVEL SECURITY"], is: [there(6), ["partly", 1, 2]], codes: ["half-there"] },
    { files: ['CREATE SCHEMA "app"; CREATE TABLE "app"."t" ("id" int PRIMARY KEY GENERATED ALWAYS AS IDENTITY)'], rows: [], made: "all", is: [there(6)], codes: ["ledger-lost"], aborts: "42P06" },
    { files: [U, "ALTER TABLE users ADD CHECK (name IS JSON OBJECT)"], rows: [0], made: [U], is: [there(6), ["unknown", 0, 0]], codes: ["note:effects-unknown"] },
    // beyond those
    { name: "a search_path that holds the tables", path: "app, public", files: [U, W], rows: [0, 1], made: ["CREATE SCHEMA app", "SET search_path TO app", U, W], is: [there(6), there(7)], codes: [] },
    { name: "a table that was dropped by hand among others", files: [U, W], rows: [0, 1], made: [U], is: [there(6), ["missing", 0, 7]], codes: ["not-effective"] },
    { name: "a view's column gets another name", files: [U, "CREATE VIEW v AS SELECT id FROM users", "ALTER VIEW v RENAME COLUMN id TO k"], rows: [0, 1, 2], made: "all", is: [there(6), there(1), ["none", 0, 0]], codes: [] },
    { name: "the parser dies", files: [U, `SELECT 1${"+1".repeat(400000)}`], rows: [0], made: [U], is: [there(6), ["unknown", 0, 0]], codes: ["note:effects-unknown"] },
];
