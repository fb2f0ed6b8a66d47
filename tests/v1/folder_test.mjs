// Folders of drizzle v1 against the real runner: the cases by hand, then random folders and ledgers. Prints TAP.
//
//     node folder_test.mjs MIGFS SCRATCH [SEED [COUNT]]
import assert from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Random } from "../lib/random.mjs";
import { Database, sha256 } from "./world.mjs";

const [program, scratch, seed = "1", count = "150"] = process.argv.slice(2);
const source = path.join(scratch, "v1", "drizzle");
const database = await Database.open("folders"), other = await Database.open("folders2");

// Writes NAME/migration.sql for each NAME: TEXT.
function write(folders) {
    fs.rmSync(source, { recursive: true, force: true });
    fs.mkdirSync(source, { recursive: true });
    for (const [name, text] of Object.entries(folders)) {
        fs.mkdirSync(path.join(source, name));
        fs.writeFileSync(path.join(source, name, "migration.sql"), text);
    }
}
function put(file, text) {
    fs.mkdirSync(path.dirname(path.join(source, file)), { recursive: true });
    fs.writeFileSync(path.join(source, file), text);
}
const print = (file) => execFileSync(program, ["print", `--database=db=${database.uri}`, source, file], { encoding: "utf8" });
function look() {
    const status = JSON.parse(print("status.json"));
    return {
        states: Object.fromEntries(status.migrations.map(({ tag, state }) => [tag, state])),
        codes: status.problems.map(({ code, tag, file }) => `${code} ${tag ?? file}`),
        unmatched: status.databases[0].rowsOfNobody,
        next: print("databases/db/next").split("\n").filter(Boolean),
        status,
    };
}
const mark = (text) => `insert into ran (mark) values ('${text}');`;
const row = (name, text, created_at) => ({ hash: sha256(text), created_at, name });

async function test(name, body) {
    try {
        await body();
        console.log(`ok - v1: ${name}`);
    } catch (error) {
        console.log(`not ok - v1: ${name}`);
        console.log(`# ${error.stack.replaceAll("\n", "\n# ")}`);
    }
}

const a = "20250101000000_a", b = "20250102000000_b", mid = "20250101120000_mid";
const A = 1735689600000, B = 1735776000000, MID = 1735732800000;
const both = { [a]: mark("a"), [b]: mark("b") };
const rows = () => [row(a, both[a], A), row(b, both[b], B)];

await test("two folders that are both named are applied, and nothing runs", async () => {
    write(both);
    await database.reset(rows());
    const { states, codes, next } = look();
    assert.deepStrictEqual([states, codes, next], [{ [a]: "applied", [b]: "applied" }, [], []]);
    assert.deepStrictEqual((await database.runV1(source)).names, []);
});
await test("a folder with an earlier date runs", async () => {
    write({ ...both, [mid]: mark("mid") });
    await database.reset(rows());
    const { states, codes, next } = look();
    assert.deepStrictEqual([states[mid], codes, next], ["pending", [`late-folder ${mid}`], [mid]]);
    const { names, rows: after } = await database.runV1(source);
    assert.deepStrictEqual([names, after.at(-1).created_at], [[mid], String(MID)]);
});
await test("an edited one is modified, and nothing runs", async () => {
    write({ ...both, [a]: mark("a, edited") });
    await database.reset(rows());
    const { states, codes, next } = look();
    assert.deepStrictEqual([states[a], codes, next], ["modified", [`modified ${a}`], []]);
    assert.deepStrictEqual((await database.runV1(source)).names, []);
});
await test("a renamed one runs again", async () => {
    write({ [a]: mark("a"), [`${b}b`]: "create table b (id int);" });
    await database.reset([row(a, mark("a"), A), row(b, "create table b (id int);", B)]);
    await database.query("create table b (id int)");
    const { states, codes, unmatched } = look();
    assert.deepStrictEqual([states[`${b}b`], codes, unmatched], ["rerun", [`rerun ${b}b`], 1]);
    const { error, names } = await database.runV1(source);
    assert.match(String(error?.cause ?? error), /relation "b" already exists/);
    assert.deepStrictEqual(names, []);
});
await test("one whose row has no name runs again", async () => {
    write(both);
    await database.reset([{ ...row(a, both[a], A), name: null }, row(b, both[b], B)]);
    const { states, codes, next, status } = look();
    assert.deepStrictEqual([states[a], codes, next], ["rerun", [`rerun ${a}`], [a]]);
    // What the sentence says: the row gets its name.
    const [, id, name] = /row, (\d+), .* set the name of that row to ([^\s,]+)/.exec(status.problems[0].sentence);
    await database.query("update drizzle.__drizzle_migrations set name = $1 where id = $2", [name, id]);
    assert.deepStrictEqual(look().codes, []);
    assert.deepStrictEqual((await database.runV1(source)).names, []);
});
await test("what is not NAME/migration.sql is never read", async () => {
    write(both);
    put("0004_e.sql", "select 1;");
    put("20250103000000_x/snapshot.json", "{}");
    put("sub/20250104000000_n/migration.sql", "select 1;");
    await database.reset(rows());
    const { states, codes, next } = look();
    assert.deepStrictEqual([states["0004_e"], Object.keys(states).length, next], ["unread", 3, []]);
    assert.ok(codes.includes("unread 0004_e") && codes.some((code) => code.startsWith("nested-sql ")));
    assert.deepStrictEqual((await database.runV1(source)).names, []);
});
await test("a name without a date aborts the run", async () => {
    write({ ...both, notes: mark("notes") });
    await database.reset(rows());
    const { codes, next } = look();
    assert.deepStrictEqual([codes, next], [["no-date notes"], []]);
    const { error, names } = await database.runV1(source);
    assert.ok(error);
    assert.deepStrictEqual(names, []);
});
await test("names of one second run in the order of localeCompare", async () => {
    const names = ["", "a", "a b", "a_b", "a-b", "ab", "B", "é", "f", "Z"].map((name) => `20250101000000_${name}`);
    write(Object.fromEntries(names.map((name) => [name, mark(name)])));
    await database.reset(null);
    const { next } = look();
    assert.deepStrictEqual((await database.runV1(source)).names, next);
    assert.strictEqual(next.length, names.length);
});
await test("a stray journal makes every run abort until it is deleted", async () => {
    for (const stray of ['{"version":"7","dialect":"postgresql","entries":[]}', '{}', '', '{"entries":[{"idx":0,"when":1735689600611,"tag":"0000_a"}]}']) {
        write({ ...both, [mid]: mark("mid") });
        put("meta/_journal.json", stray);
        await database.reset(rows());
        const { codes, status } = look();
        assert.strictEqual(status.journal, null);
        assert.ok(codes.includes("stray-journal meta/_journal.json"), codes.join());
        assert.match(print("summary"), /aborts every run: meta\/_journal\.json is there/);
        assert.match(String((await database.runV1(source)).error), /old drizzle-kit migration folders/);
        fs.rmSync(path.join(source, "meta"), { recursive: true });
        assert.deepStrictEqual(look().next, [mid]);
        assert.ok(!(await database.runV1(source)).error);
        assert.deepStrictEqual(look().next, []);
    }
});
await test("a journal that lists a file that is there makes it a folder of 0.x, half converted", async () => {
    write(both);
    put("0000_flat.sql", "select 1;");
    put("meta/_journal.json", '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"when":1735689600611,"tag":"0000_flat","breakpoints":true}]}');
    await database.reset(rows());
    const { codes, status } = look();
    assert.ok(status.journal !== null && codes.some((code) => code.startsWith("v1-folder ")));
    assert.match(String((await database.runV1(source)).error), /old drizzle-kit migration folders/);
});
await test("a row that a 0.x runner adds to an upgraded ledger has no name, and runs again", async () => {
    const d = "20250104000000_d";
    write({ ...both, [d]: mark("d") });
    await database.reset([...rows(), { ...row(d, mark("d"), 1735948800500), name: null }]);
    const { states, next } = look();
    assert.deepStrictEqual([states[d], next], ["rerun", [d]]);
    assert.deepStrictEqual((await database.runV1(source)).names, [d]);
});
await test("rows with an empty hash and a name are applied", async () => {
    write(both);
    await database.reset([{ hash: "", created_at: A, name: a }, { hash: "", created_at: B, name: b }]);
    const { states, codes } = look();
    assert.deepStrictEqual([states, codes], [{ [a]: "applied", [b]: "applied" }, []]);
});
await test("a ledger of 0.x that cannot be upgraded makes every run throw", async () => {
    write(both);
    await database.reset([{ hash: sha256("dead"), created_at: 1700000000000 }]);
    const { codes, next } = look();
    assert.deepStrictEqual([codes, next], [["v1-ledger database db"], []]);
    assert.match(String((await database.runV1(source)).error), /ids: 1\)/);
});
await test("a link to a folder is followed by the runner; here, where it stays in the source, and else it is said", async () => {
    const c = "20250103000000_c", d = "20250104000000_d", outside = path.join(scratch, "outside");
    write(both);
    put("archive/kept/migration.sql", mark("c"));
    fs.symlinkSync("archive/kept", path.join(source, c));
    await database.reset(rows());
    const { states, next } = look();
    assert.deepStrictEqual([states[c], next], ["pending", [c]]);
    assert.deepStrictEqual((await database.runV1(source)).names, [c]);
    assert.strictEqual(look().states[c], "applied");
    assert.strictEqual(print(`migrations/${c}/migration.sql`), mark("c"));

    fs.mkdirSync(outside, { recursive: true });
    fs.writeFileSync(path.join(outside, "migration.sql"), mark("d"));
    fs.symlinkSync(outside, path.join(source, d));
    const { codes, status } = look();
    assert.deepStrictEqual(codes.filter((code) => !code.startsWith("nested-sql ")), [`bad-file ${d}`]);
    assert.match(status.problems.find(({ code }) => code === "bad-file").sentence, /leads out of the folder.*the runner of Drizzle v1 follows it, and runs what it leads to if that is a folder with migration\.sql: put the folder itself in its place$/);
    assert.deepStrictEqual((await database.runV1(source)).names, [d]);
    fs.rmSync(path.join(source, d));
    fs.cpSync(outside, path.join(source, d), { recursive: true });
    assert.strictEqual(look().states[d], "applied");
});
await test("a migration.sql that cannot be read as a file", async () => {
    const c = "20250103000000_c";
    write(both);
    put(`${c}/other.sql`, mark("c"));
    fs.symlinkSync("../../../outside/migration.sql", path.join(source, c, "migration.sql"));
    await database.reset(rows());
    assert.ok(look().codes.includes(`bad-file ${c}/migration.sql`));
    assert.match(look().status.problems.find(({ code }) => code === "bad-file").sentence, /the runner of Drizzle v1 reads it or aborts: put a regular file in its place$/);
    assert.deepStrictEqual((await database.runV1(source)).names, [c]);
    fs.rmSync(path.join(source, c, "migration.sql"));
    fs.mkdirSync(path.join(source, c, "migration.sql"));
    const { codes, next } = look();
    assert.ok(codes.includes(`bad-file ${c}/migration.sql`), codes.join());
    assert.deepStrictEqual(next, []);
    assert.match(print("summary"), /aborts every run: 20250103000000_c\/migration\.sql is a directory/);
    assert.match(String((await database.runV1(source)).error), /EISDIR/);
});
await test("a ledger of another project is said, and runs everything", async () => {
    write(both);
    await database.reset([row("20240101000000_theirs", "theirs", 1704067200000)]);
    const { codes, next } = look();
    assert.deepStrictEqual([codes, next], [["wrong-database database db"], [a, b]]);
    put(".migfs", "foreign db\n");
    assert.deepStrictEqual(look().codes, []);
    assert.deepStrictEqual((await database.runV1(source)).names, [a, b]);
});
await test("what one transaction cannot hold, and what repeats another's statement", async () => {
    const c = "20250103000000_c", table = "CREATE TABLE twice (id int);";
    write({ ...both, [c]: "CREATE INDEX CONCURRENTLY i ON ran (mark);" });
    await database.reset(rows());
    assert.deepStrictEqual(look().codes, [`in-transaction ${c}`]);
    assert.match(String((await database.runV1(source)).error.cause), /CREATE INDEX CONCURRENTLY cannot run inside a transaction block/);
    write({ ...both, [c]: "CREATE INDEX i ON ran (mark);" });
    assert.deepStrictEqual(look().codes, []);
    assert.deepStrictEqual((await database.runV1(source)).names, [c]);

    write({ [a]: table, [b]: table });
    await database.reset(null);
    const { status } = look();
    assert.deepStrictEqual(status.problems.map(({ code, tag, severity }) => `${code} ${tag} ${severity}`).filter((it) => it.startsWith("same")), [`same-sql ${b} error`]);
    assert.match(String((await database.runV1(source)).error.cause), /relation "twice" already exists/);
    assert.match(status.problems.find(({ code }) => code === "same-sql").sentence, new RegExp(`empty ${b}/migration.sql of it and leave a comment in its place$`));
    put(`${b}/migration.sql`, "-- in another migration\n");
    assert.deepStrictEqual(look().codes, []);
    assert.deepStrictEqual((await database.runV1(source)).names, [a, b]);

    write({ [a]: "CREATE TYPE mood AS ENUM ('good');", [b]: "ALTER TYPE mood ADD VALUE 'bad';", [c]: "CREATE TABLE m (m mood DEFAULT 'bad');" });
    await database.reset(null);
    assert.deepStrictEqual(look().codes, [`in-transaction ${c}`]);
    assert.match(String((await database.runV1(source)).error.cause), /unsafe use of new value/);
});
await test("several databases: one line for a cause, each its own next deploy", async () => {
    const options = [`--database=one=${database.uri}`, `--database=two=${other.uri}`, "--database=down=postgresql:///none?host=/nowhere"];
    const see = (file) => execFileSync(program, ["print", ...options, source, file], { encoding: "utf8" });
    write({ ...both, [mid]: mark("mid") });
    await database.reset([{ ...row(a, both[a], A), name: null }, row(b, both[b], B)]);
    await other.reset([{ ...row(a, both[a], A), name: null }, row(b, both[b], B), row(mid, mark("mid"), MID)]);
    const lines = () => see("problems").split("\n").filter(Boolean).map((line) => [/\[(.*)\]$/.exec(line)[1], /databases? [^:]*? (?=and runs)/.exec(line)?.[0] ?? ""]);
    assert.deepStrictEqual(lines(), [["database-unreadable", ""], ["rerun", "databases one, two "], ["late-folder", "database one "]]);
    assert.deepStrictEqual(["one", "two"].map((name) => see(`databases/${name}/next`)), [`${a}\n${mid}\n`, `${a}\n`]);
    assert.match(see(`status/${mid}`), /^drizzle: runs it in one; unknown in down$/m);
    assert.match(see(`status/${b}`), /^drizzle: unknown in down$/m);
    assert.deepStrictEqual((await database.runV1(source)).names, [a, mid]);
    assert.deepStrictEqual((await other.runV1(source)).names, [a]);
});
await test("there is no journal in the view, and check and status take the folder", async () => {
    write(both);
    await database.reset(rows());
    for (const file of ["_journal.json", "changes", "migrations/meta", "databases/db/_journal.json", "upgrade"])
        assert.strictEqual(spawnSync(program, ["print", `--database=db=${database.uri}`, source, file]).status, 2, file);
    assert.strictEqual(look().status.journal, null);
    for (const command of ["check", "status"]) assert.strictEqual(spawnSync(program, [command, `--database=db=${database.uri}`, source]).status, 0);
});
await test(`${count} folders and ledgers at random run what is foretold`, async () => {
    for (let at = Number(seed); at < Number(seed) + Number(count); at++) {
        const random = new Random(at);
        database.port = at % 5 === 0 ? null : process.env.MIGFS_TEST_POOLER_PORT;
        const folders = {};
        for (let i = random.below(7); i >= 0; i--) {
            const second = `202501${10 + random.below(3)}0000${10 + random.below(2)}`;
            const name = `${second}_${random.pick(["a", "b", "B", "a b", "é", "x-y", ""])}${random.below(3)}`;
            folders[random.chance(0.03) ? random.pick(["notes", "2025", ".hidden"]) : name] = mark(random.chance(0.1) ? "same" : name);
        }
        const made = Object.entries(folders).filter(() => random.chance(0.7)).map(([name, text]) => row(name, text, Date.UTC(2025, 0, 10)));
        for (const it of made) {
            if (random.chance(0.08)) it.name = null;
            if (random.chance(0.08)) it.name = it.name?.toUpperCase() ?? null;
            if (random.chance(0.08)) it.hash = random.pick(["", sha256("other")]);
            if (random.chance(0.05)) it.name = "20240101000000_gone";
        }
        write(folders);
        await database.reset(random.chance(0.1) ? null : made.length || random.chance(0.5) ? made : null);
        const { states, next } = look();
        const real = await database.runV1(source);
        const foretold = Object.entries(states).filter(([, state]) => state === "pending" || state === "rerun").map(([tag]) => tag);
        const told = `seed ${at}: ${JSON.stringify({ folders: Object.keys(folders), made })}`;
        assert.deepStrictEqual(next, real.names, told);
        if (!real.error) assert.deepStrictEqual(foretold.sort(), real.names.toSorted?.() ?? [...real.names].sort(), told);
    }
});
await database.close();
await other.close();
