// Random projects of drizzle 0.x and their ledgers, and the real v1 beside them. Every migration writes a mark of its own into the table
// `ran`, so what ran is read from there.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(path.dirname(process.env.MIGFS_V1_MODULES), "index.js"));
const pg = require("pg");
const { drizzle } = require("drizzle-orm/node-postgres");
const { migrate } = require("drizzle-orm/node-postgres/migrator");
const host = process.env.MIGFS_TEST_PGHOST;

export const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const two = (part) => part.toString().padStart(2, "0");

// As drizzle-kit names a folder.
export function folderName(when, tag) {
    const at = new Date(when);
    const second = `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`;
    return `${second}_${tag.split("_").slice(1).join("_")}`;
}

export class Database {
    port = null;
    static async open(name) {
        const admin = new pg.Client({ host, user: "postgres", database: "postgres" });
        await admin.connect();
        await admin.query(`drop database if exists "${name}" with (force)`);
        await admin.query(`create database "${name}" strategy file_copy`);
        await admin.end();
        const database = new Database();
        database.name = name;
        database.client = new pg.Client({ host, user: "postgres", database: name });
        await database.client.connect();
        return database;
    }
    // Where migfs reads it: at the server, or through the pooler.
    get uri() {
        return `postgresql:///${this.name}?host=${host}&user=postgres${this.port ? `&port=${this.port}` : ""}`;
    }
    close() {
        return this.client.end();
    }
    async query(sql, values) {
        return (await this.client.query(sql, values)).rows;
    }
    // Empty but for the table of marks and, with rows, a ledger: `name` in a row makes it one of v1.
    async reset(rows) {
        await this.query(`set client_min_messages = error; drop schema if exists public, drizzle cascade; create schema public;
            create table ran (n serial, mark text)`);
        if (!rows) return;
        const isV1 = rows.some((row) => "name" in row);
        await this.query(`create schema drizzle; create table drizzle.__drizzle_migrations
            (id serial primary key, hash text not null, created_at bigint${isV1 ? ", name text, applied_at timestamptz default now()" : ""})`);
        for (const row of rows) {
            const columns = isV1 ? "hash, created_at, name" : "hash, created_at";
            const values = isV1 ? [row.hash, row.created_at, row.name ?? null] : [row.hash, row.created_at];
            await this.query(`insert into drizzle.__drizzle_migrations (${columns}) values (${values.map((_, i) => `$${i + 1}`)})`, values);
        }
    }
    async ledger() {
        const [{ there }] = await this.query("select to_regclass('drizzle.__drizzle_migrations') is not null as there");
        return there ? this.query("select * from drizzle.__drizzle_migrations order by id") : [];
    }
    // One run of the real v1 runner: its error, the names it recorded and the marks it wrote, in order.
    async runV1(folder) {
        const last = Math.max(0, ...(await this.ledger()).map((row) => row.id));
        const before = (await this.query("select count(*)::int as n from ran"))[0].n;
        let error = null;
        try {
            await migrate(drizzle({ client: this.client }), { migrationsFolder: folder });
        } catch (thrown) {
            error = thrown;
        }
        const rows = await this.ledger();
        const marks = (await this.query("select mark from ran order by n")).slice(before).map((row) => row.mark);
        return { error, rows, names: rows.filter((row) => row.id > last).map((row) => row.name), marks };
    }
}

// A project: migrations with tag, when, text on disk; some written with a name of their own in one second.
export function randomProject(random) {
    const migrations = [];
    let when = 1735689600000 + random.below(1000);
    const count = 1 + random.below(7);
    for (let i = 0; i < count; i++) {
        when += random.chance(0.2) ? random.below(900) : 1000 + random.below(200000);
        const tag = `${i.toString().padStart(4, "0")}_${random.pick(["a", "b", "B", "long_name", "x-y", "é"])}${i}`;
        const same = random.chance(0.12), table = !same && random.chance(0.3) ? `create table "${tag}" (id int);` : "";
        migrations.push({ tag, when, table, text: `${table}insert into ran (mark) values ('${same ? "same" : tag}');` });
    }
    if (random.chance(0.08) && count > 2) {
        const at = 1 + random.below(count - 1);
        migrations[at].when = migrations[at - 1].when - 1000 - random.below(100000);
    }
    return migrations;
}

// The rows that deploys and mishaps have left, or null where no table is there yet; and the SQL of what is there, by the runner or by hand.
export function randomLedger(random, migrations) {
    const ran = random.chance(0.08) ? -1 : random.chance(0.6) ? migrations.length : random.below(migrations.length + 1);
    const there = migrations.filter((_, i) => i < ran || random.chance(0.1)).map(({ table }) => table).join("");
    return { rows: ran < 0 ? null : randomRows(random, migrations, ran), there };
}

function randomRows(random, migrations, ran) {
    const rows = migrations.slice(0, ran).map(({ text, when }) => ({ hash: sha256(text), created_at: when }));
    for (let mishaps = random.chance(0.4) ? 0 : 1 + random.below(2); mishaps > 0; mishaps--) {
        const row = rows.length ? random.pick(rows) : null;
        const other = random.pick(migrations);
        const mishap = random.below(14);
        if (mishap === 0 && row) row.hash = sha256("an earlier text");
        else if (mishap === 1 && row) row.created_at = row.created_at + 86400000;
        else if (mishap === 2 && row) (row.hash = sha256("an earlier text")), (row.created_at += 86400000);
        else if (mishap === 3 && row) row.created_at = null;
        else if (mishap === 4 && row) row.created_at = Math.trunc(row.created_at / 1000);
        else if (mishap === 5 && row) rows.push({ ...row });
        else if (mishap === 6) rows.push({ hash: sha256("a dead migration"), created_at: 1700000000000 + random.below(1000) });
        else if (mishap === 7 && row) rows.splice(rows.indexOf(row), 1);
        else if (mishap === 8) rows.push({ hash: sha256("a foreign one"), created_at: other.when });
        else if (mishap === 9 && row) row.hash = random.pick([row.hash.toUpperCase(), "", other.tag]);
        else if (mishap === 10 && row) (row.hash = sha256("an earlier text")), (row.created_at = null);
        else if (mishap === 11 && row) row.created_at = random.pick([-1, 0, 999, -1500, 5]);
        else if (mishap === 12 && rows.length > 1) rows.reverse();
        else if (mishap === 13 && row) row.hash = sha256(other.text);
    }
    return rows;
}

export function writeProject(folder, migrations, snapshots = true) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(path.join(folder, "meta"), { recursive: true });
    const entries = migrations.map(({ tag, when }, idx) => ({ idx, version: "7", when, tag, breakpoints: true }));
    fs.writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
    let prevId = "00000000-0000-0000-0000-000000000000";
    for (const { tag, text } of migrations) {
        fs.writeFileSync(path.join(folder, `${tag}.sql`), text);
        if (!snapshots) continue;
        const id = `00000000-0000-4000-8000-${sha256(tag).slice(0, 12)}`;
        const empty = { tables: {}, enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {} };
        const snapshot = { id, prevId, version: "7", dialect: "postgresql", ...empty, _meta: { columns: {}, schemas: {}, tables: {} } };
        fs.writeFileSync(path.join(folder, `meta/${tag.split("_")[0]}_snapshot.json`), JSON.stringify(snapshot, null, 2));
        prevId = id;
    }
}

// The same project as folders of v1.
export function writeFolders(folder, migrations) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    for (const { tag, when, text } of migrations) {
        const into = path.join(folder, folderName(when, tag));
        fs.mkdirSync(into);
        fs.writeFileSync(path.join(into, "migration.sql"), text);
    }
}

export { convert, convertApart, stopConverting } from "./convert.mjs";
