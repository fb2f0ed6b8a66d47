// A migrations folder, a few real databases, migfs and the real runner: what migfs says and what then happens.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const { drizzle } = require("drizzle-orm/node-postgres");
const { migrate } = require("drizzle-orm/node-postgres/migrator");
const program = process.env.MIGFS, host = process.env.MIGFS_TEST_PGHOST;

export const firstWhen = 1700000000000;

export class Database {
    static async create(name) {
        const it = new Database();
        it.name = name;
        it.uri = `postgresql:///effects_${name}?host=${host}&user=postgres`;
        const admin = new pg.Client({ host, user: "postgres", database: "postgres" });
        await admin.connect();
        await admin.query(`drop database if exists "effects_${name}" with (force)`);
        await admin.query(`create database "effects_${name}"`);
        await admin.end();
        it.client = new pg.Client({ connectionString: it.uri });
        await it.client.connect();
        return it;
    }

    end() {
        return this.client.end();
    }

    async query(sql) {
        return (await this.client.query(sql)).rows;
    }

    async empty() {
        const schemas = await this.query("select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'");
        await this.query("set client_min_messages = error");
        for (const { nspname } of schemas) await this.query(`drop schema "${nspname.replaceAll('"', '""')}" cascade`);
        await this.query("create schema public; set search_path to default");
    }

    // As Drizzle records it.
    async record(folder, ...tags) {
        await this.query("create schema if not exists drizzle; create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)");
        for (const tag of tags) {
            const hash = createHash("sha256").update(folder.sql(tag)).digest("hex");
            await this.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${folder.when(tag)})`);
        }
    }

    async rows(table = '"drizzle"."__drizzle_migrations"') {
        const [{ there }] = await this.query(`select to_regclass('${table}') is not null there`);
        return there ? (await this.query(`select count(*)::int n from ${table}`))[0].n : 0;
    }

    // What the real runner runs: the tags whose hashes are new in the ledger, or the error that PostgreSQL gave.
    async deploy(folder, options = {}) {
        const table = `"${options.migrationsSchema ?? "drizzle"}"."${options.migrationsTable ?? "__drizzle_migrations"}"`;
        const before = await this.rows(table);
        try {
            await migrate(drizzle(this.client), { migrationsFolder: folder.path, ...options });
        } catch (error) {
            await this.query("rollback");
            return { error: (error.cause ?? error).code ?? error.message };
        }
        const rows = await this.query(`select hash from ${table} order by id offset ${before}`);
        return { ran: rows.map((row) => folder.tags().find((tag) => createHash("sha256").update(folder.sql(tag)).digest("hex") === row.hash) ?? "?") };
    }

    // By psql, as the sentences say.
    psql(sql) {
        const done = spawnSync("psql", ["-X", "-v", "ON_ERROR_STOP=1", "-q", "-d", this.uri], { input: sql, encoding: "utf8" });
        if (done.status !== 0) throw new Error(done.stderr);
    }
}

export class Folder {
    // `listed`: the tags in the journal, in its order; all where it is left out.
    constructor(files, listed = Object.keys(files)) {
        this.path = fs.mkdtempSync(path.join(os.tmpdir(), "effects-folder-"));
        fs.mkdirSync(path.join(this.path, "meta"));
        for (const [tag, sql] of Object.entries(files)) this.write(tag, sql);
        const all = Object.keys(files);
        const entries = listed.map((tag, idx) => ({ idx, version: "7", when: firstWhen + all.indexOf(tag) * 100000, tag, breakpoints: true }));
        fs.writeFileSync(this.journal, JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
    }

    get journal() {
        return path.join(this.path, "meta/_journal.json");
    }

    write(tag, sql) {
        fs.writeFileSync(path.join(this.path, `${tag}.sql`), sql);
    }

    sql(tag) {
        return fs.readFileSync(path.join(this.path, `${tag}.sql`), "utf8");
    }

    tags() {
        return fs.readdirSync(this.path).filter((name) => name.endsWith(".sql")).map((name) => name.slice(0, -4)).sort();
    }

    when(tag) {
        return JSON.parse(fs.readFileSync(this.journal)).entries.find((entry) => entry.tag === tag)?.when ?? firstWhen;
    }

    listed() {
        return JSON.parse(fs.readFileSync(this.journal)).entries.map((entry) => entry.tag);
    }

    rules(...lines) {
        fs.appendFileSync(path.join(this.path, ".migfs"), lines.map((line) => `${line}\n`).join(""));
    }

    remove() {
        fs.rmSync(this.path, { recursive: true });
    }
}

const attached = (databases) => databases.map((it) => `--database=${it.name}=${it.uri}`);

export class Migfs {
    constructor(folder, databases, options = []) {
        this.folder = folder;
        this.arguments = [...attached(databases), "--timeout=60", ...options]; // the machine may have much to do
    }

    run(command, ...rest) {
        const done = spawnSync(program, [command, ...this.arguments, this.folder.path, ...rest], { encoding: "utf8" });
        return { status: done.status, out: done.stdout, err: done.stderr };
    }

    print(file) {
        return execFileSync(program, ["print", ...this.arguments, this.folder.path, file], { encoding: "utf8" });
    }

    problems() {
        return JSON.parse(this.print("status.json")).problems;
    }

    // "code tag", those of effects and of what is not listed.
    codes() {
        return this.problems().filter((it) => it.severity !== "note" && !it.code.startsWith("snapshot")).map((it) => `${it.code} ${it.tag ?? it.database}`);
    }

    // The part of a database's summary behind "from …:", trimmed lines; "next deploy:" where both journals are the same.
    next(database) {
        const parts = {};
        let key;
        for (const line of this.print(`databases/${database}/summary`).split("\n")) {
            const title = /^ {2}next deploy(?:, from (.*))?:$/.exec(line);
            if (title) parts[(key = !title[1] ? "both" : title[1].startsWith("meta/") ? "disk" : "here")] = [];
            else if (key && line.startsWith("    ")) parts[key].push(line.trim());
        }
        return parts;
    }
}
