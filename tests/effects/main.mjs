// Random sequences of DDL, every fourth of them migrations that drizzle-kit writes: after each that PostgreSQL takes, every fact of the fold is
// compared with the catalogs.
//
//     main.mjs FACTS [--facts=N] [--seed=N] [--length=N] [--first]
//
// --seed: that sequence alone. A sequence with a wrong fact is cut to the smallest that still has one.
import { createRequire } from "node:module";
import path from "node:path";
import { FoldProcess } from "./fold.mjs";
import { Statements, random } from "./generate.mjs";
import { isWrong, readCatalogs } from "./catalogs.mjs";
import { kitMigrations } from "./kit.mjs";
import { fileOf } from "../snapshots/kit.mjs";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");

const options = Object.fromEntries(process.argv.slice(3).map((a) => a.replace(/^--/, "").split("=")));
const wanted = Number(options.facts ?? 100000), length = Number(options.length ?? 40);
const fold = new FoldProcess(process.argv[2]);
const client = new pg.Client({ connectionString: process.argv.slice(3).find((a) => a.startsWith("postgresql:")) ?? process.env.MIGFS_TEST_URI });
client.on("error", () => {});
await client.connect();
await client.query("set client_min_messages = error");

async function reset() {
    const { rows } = await client.query("select format('drop schema %I cascade', nspname) as sql from pg_namespace where nspname !~ '^(pg_|information_schema$)' union all select format('drop role %I', rolname) from pg_roles where rolname !~ '^(pg_|postgres$)'");
    for (const { sql } of rows) await client.query(sql);
    await client.query("create schema public; create schema app");
    fold.reset();
    await fold.apply('CREATE SCHEMA IF NOT EXISTS "public"; CREATE SCHEMA "app"');
}

async function runs(sql) {
    try {
        await client.query("begin");
        await client.query(sql);
        await client.query("commit");
        return true;
    } catch {
        await client.query("rollback");
        return false;
    }
}

let compared = 0;

async function compare(facts) {
    const catalogs = await readCatalogs(client);
    const wrong = [];
    for (const fact of facts) {
        compared += !fact.maybe;
        const why = isWrong(fact, catalogs);
        if (why) wrong.push(`${fact.kind} ${[fact.schema, fact.table, fact.name].filter(Boolean).join(".")}: ${fact.there ? "there" : "gone"} by the fold, ${why}`);
    }
    return { wrong, catalogs };
}

// Statements that are known, in order; returns what is wrong after the last one that ran.
async function replay(statements) {
    await reset();
    for (const sql of statements) {
        if (!(await runs(sql))) continue;
        const { facts } = await fold.apply(sql);
        const { wrong } = await compare(facts);
        if (wrong.length) return wrong;
    }
    return [];
}

async function cutDown(statements) {
    const single = statements.flatMap((sql) => sql.split("--> statement-breakpoint\n"));
    if ((await replay(single)).length) statements = single;
    for (let i = statements.length - 2; i >= 0; i--) {
        const without = statements.toSpliced(i, 1);
        if ((await replay(without)).length) statements = without;
    }
    return statements;
}

// The statements that run, one by one, as one migration.
async function kitSequence(seed) {
    const done = [];
    await reset();
    for await (const list of kitMigrations(seed, length)) {
        const ran = [];
        for (const sql of list) if (await runs(sql)) ran.push(sql);
        if (ran.length === 0) continue;
        done.push(fileOf(ran));
        const { facts, status } = await fold.apply(done.at(-1));
        if (status !== "0 0") throw new Error(`seed ${seed}: status ${status} of ${done.at(-1)}`);
        const { wrong } = await compare(facts);
        if (wrong.length) return { wrong, done };
    }
    return { wrong: [], done };
}

async function sequence(seed) {
    if (seed % 4 === 0) return kitSequence(seed);
    const choose = new Statements(random(seed)), done = [];
    await reset();
    for (let tries = 0; done.length < length && tries < 6 * length; tries++) {
        const sql = choose.statement();
        if (!(await runs(sql))) continue;
        done.push(sql);
        const { facts, status } = await fold.apply(sql);
        if (status !== "0 0") throw new Error(`seed ${seed}: status ${status} of ${sql}`);
        const { wrong, catalogs } = await compare(facts);
        if (wrong.length) return { wrong, done };
        choose.facts = facts;
        choose.columnsOf = catalogs.columnsOf;
    }
    return { wrong: [], done };
}

let seed = Number(options.seed ?? 1), failed = 0, statements = 0;
do {
    const { wrong, done } = await sequence(seed);
    statements += done.length;
    if (wrong.length) {
        failed++;
        console.log(`# seed ${seed}: wrong after statement ${done.length}`);
        const smallest = await cutDown(done);
        for (const sql of smallest) console.log(`#   ${sql.replaceAll("\n", "\n#     ")};`);
        for (const line of await replay(smallest)) console.log(`#   → ${line}`);
    }
    seed++;
} while (options.seed === undefined && compared < wanted && !(failed && "first" in options) && failed < 8);
console.log(`${failed ? "not ok" : "ok"} - ${compared} facts after ${statements} statements of ${seed - Number(options.seed ?? 1)} sequences, ${failed} sequences with a wrong one`);
await client.end();
fold.end();
process.exitCode = failed ? 1 : 0;
