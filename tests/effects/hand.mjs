// Random situations: migrations of which the first have rows, then some run or undone by hand. What migfs says is compared with the catalogs, and its
// word that the next deploy aborts with that deploy.
//
// Every fourth is asked about twice, the second time in a database of some thousand relations more: then migfs asks only for what the files
// name, and must say the same.
//
//     hand.mjs FACTS [--situations=N] [--seed=N]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { isWrong, readCatalogs } from "./catalogs.mjs";
import { FoldProcess } from "./fold.mjs";
import { Statements, random } from "./generate.mjs";
import { hideNoise, makeNoise, showNoise } from "./noise.mjs";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const options = Object.fromEntries(process.argv.slice(3).map((a) => a.replace(/^--/, "").split("=")));
const uri = process.env.MIGFS_TEST_URI, program = process.env.MIGFS;
const fold = new FoldProcess(process.argv[2]);
const client = new pg.Client({ connectionString: uri });
client.on("error", () => {});
await client.connect();
await client.query("set client_min_messages = error");

const codes = new Set(["ran-by-hand", "half-there", "not-effective", "partly-effective", "emptied", "ledger-lost", "will-abort"]);

async function reset() {
    await client.query("drop schema if exists app, public, drizzle cascade; create schema public; create schema app; create schema drizzle");
    await client.query("create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)");
    fold.reset();
}

async function runs(list, end = "commit") {
    try {
        await client.query("begin");
        for (const sql of list) await client.query(sql);
        await client.query(end);
        return null;
    } catch (error) {
        await client.query("rollback");
        return error.code;
    }
}

// The file runs, and something is different then.
async function changesSomething(sql) {
    const all = async () => JSON.stringify([...(await readCatalogs(client)).there].sort());
    const before = await all();
    try {
        await client.query("begin");
        await client.query(sql);
        return (await all()) !== before;
    } catch {
        return false;
    } finally {
        await client.query("rollback");
    }
}

// Statements that run one after another from nothing.
async function migrations(choose, count) {
    const files = [];
    await reset();
    for (let tries = 0; files.length < count && tries < 8 * count; tries++) {
        const sql = choose.statement();
        if (await runs([sql])) continue;
        files.push(sql);
        ({ facts: choose.facts } = await fold.apply(sql));
        choose.columnsOf = (await readCatalogs(client)).columnsOf;
    }
    return files;
}

const tagOf = (i) => `${String(i).padStart(4, "0")}_f`;
const when = (i) => 1700000000000 + i * 100000;

function write(folder, files) {
    fs.mkdirSync(path.join(folder, "meta"));
    const entries = files.map((_, idx) => ({ idx, version: "7", when: when(idx), tag: tagOf(idx), breakpoints: true }));
    files.forEach((sql, i) => fs.writeFileSync(path.join(folder, `${tagOf(i)}.sql`), sql));
    fs.writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
}

// The database as it is then. Returns the numbers of the files that ran by hand.
async function arrange(choose, files, rows) {
    const byHand = [];
    await reset();
    for (const [i, sql] of files.entries()) {
        if (i >= rows) break;
        await runs([sql]);
        await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [createHash("sha256").update(sql).digest("hex"), when(i)]);
        ({ facts: choose.facts } = await fold.apply(sql));
    }
    for (let i = rows; i < files.length; i++) if (choose.chance(30) && !(await runs([files[i]]))) byHand.push(i);
    for (let i = choose.below(3); i > 0; i--) await runs([choose.statement()]);
    return byHand;
}

const isLarge = (seed) => seed % 4 === 1;
const counts = { situations: 0, large: 0, verdicts: 0, alarms: 0, aborts: 0, foretold: 0 }, wrong = [];

// A table is gone where a view or an index has its name.
function holds(fact, catalogs) {
    const found = catalogs.there.get([fact.kind, fact.schema, fact.table, fact.name].join("\0"));
    const isOther = !fact.there && ["relation", "constraint"].includes(fact.kind) && fact.type !== "-" && found !== fact.type;
    return isOther || isWrong({ ...fact, maybe: false }, catalogs) === null;
}

// What each file with a row has written last among those that ran, by the fold, against the catalogs.
async function checkPromises(status, files, rows, found, say) {
    const ran = files.map((_, i) => i).filter((i) => i < rows || found.has(i)), catalogs = await readCatalogs(client);
    let facts = [];
    fold.reset();
    for (const i of ran) ({ facts } = await fold.apply(files[i]));
    for (let i = 0; i < rows; i++) {
        const own = facts.filter((fact) => ran[fact.writer] === i && (!fact.maybe || holds(fact, catalogs)));
        const there = own.filter((fact) => holds(fact, catalogs)).length;
        const said = status.migrations[i].databases.d.effects;
        counts.verdicts++;
        if (said.state !== "unknown" && (said.there !== there || said.of !== own.length)) say(`file ${i}: ${said.there} of ${said.of} by migfs, ${there} of ${own.length} by the catalogs`);
    }
}

const print = (folder, name) => execFileSync(program, ["print", "--timeout=60", `--database=d=${uri}`, folder, name], { encoding: "utf8" });
const others = ["databases/d/schema", "databases/d/summary", "databases/d/baseline.sql"];
const saidBeside = (folder, status) => [status, ...others.map((name) => print(folder, name))].join("").split("\n");

// The first line that differs, or null. `status`: what status.json is while it is small.
async function differsWhereItIsLarge(folder, status) {
    const small = saidBeside(folder, status);
    await showNoise(client);
    const large = saidBeside(folder, print(folder, "status.json"));
    await hideNoise(client);
    const at = small.findIndex((line, i) => line !== large[i]);
    return at < 0 ? null : `${small[at]} / ${large[at]}`;
}

async function situation(seed) {
    const choose = new Statements(random(seed * 7919)), wrongs = [];
    const files = await migrations(choose, 4 + choose.below(8));
    choose.facts = [];
    const rows = choose.below(files.length + 1), folder = fs.mkdtempSync(path.join(os.tmpdir(), "effects-hand-"));
    write(folder, files);
    const byHand = await arrange(choose, files, rows);
    const text = print(folder, "status.json"), status = JSON.parse(text);
    const say = (what) => wrongs.push(what);
    if (isLarge(seed)) {
        const difference = await differsWhereItIsLarge(folder, text);
        if (difference) say(`another answer where the database is large: ${difference}`);
        counts.large++;
    }
    const problems = status.problems.filter((p) => codes.has(p.code));
    const found = new Set(files.map((_, i) => i).filter((i) => problems.some((p) => p.code === "ran-by-hand" && p.file === `${tagOf(i)}.sql`)));
    await checkPromises(status, files, rows, found, say);
    const aborts = problems.filter((p) => /\baborts?\b/.test(p.sentence));
    const code = await runs(files.slice(rows), "rollback");
    counts.situations++;
    counts.aborts += code !== null;
    if (aborts.length) {
        counts.alarms++;
        counts.foretold += code !== null;
        if (code === null) say(`said to abort, and does not: ${aborts[0].sentence}`);
    }
    // A file that ran by hand and is called so, or that would change nothing.
    for (const p of problems.filter((it) => it.code === "ran-by-hand" && it.severity === "error")) {
        const i = files.findIndex((_, n) => p.file === `${tagOf(n)}.sql`);
        if (i >= 0 && !byHand.includes(i) && (await changesSomething(files[i]))) say(`file ${i} is said to have run by hand, and changes something: ${p.sentence}`);
    }
    if (wrongs.length) wrong.push({ seed, wrongs, files, rows, byHand });
    fs.rmSync(folder, { recursive: true });
}

const first = Number(options.seed ?? 1), many = options.seed ? 1 : Number(options.situations ?? 120);
const seeds = Array.from({ length: many }, (_, i) => first + i), large = seeds.filter(isLarge);
// The small ones first: each look into the catalogs takes several times as long with the others' relations in them.
for (const seed of seeds.filter((it) => !isLarge(it))) if (wrong.length < 5) await situation(seed);
if (large.length) await makeNoise(client);
for (const seed of large) if (wrong.length < 5) await situation(seed);
for (const { seed, wrongs, files, rows, byHand } of wrong) {
    console.log(`# seed ${seed}: rows of the first ${rows}, by hand ${byHand.join(", ") || "none"}`);
    files.forEach((sql, i) => console.log(`#   ${i}: ${sql.replaceAll("\n", "\n#     ")};`));
    for (const line of wrongs) console.log(`#   → ${line}`);
}
console.log(`${wrong.length ? "not ok" : "ok"} - ${counts.situations} situations, ${counts.large} of them in a large database too, ${counts.verdicts} verdicts, ${counts.alarms} deploys said to abort, ${counts.foretold} that did, of ${counts.aborts}`);
await client.query("set allow_system_table_mods = on; drop schema if exists noise, pg_noise cascade");
await client.end();
fold.end();
process.exitCode = wrong.length ? 1 : 0;
