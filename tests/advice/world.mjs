// A project of its own for each case: a migrations folder in a git repository, databases that are attached or not, and what is true of
// each: which migrations have run there, whatever the ledger says.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const { MIGFS, SCRATCH, MIGFS_TEST_PGHOST: host, MIGFS_NODE, MIGFS_NODE_V1 } = process.env;
const kinds = {
  v0: createRequire(path.join(MIGFS_NODE, 'package.json')),
  v1: createRequire(path.join(MIGFS_NODE_V1, 'package.json')),
};
const pg = kinds.v0('pg');
pg.types.setTypeParser(20, Number);

export const LEDGER = 'drizzle.__drizzle_migrations';
export const FIRST = 1750000000000; // the `when` of the first migration, where a case needs no other
export const STEP = 100000;
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// What a timestamp made for a tag is recognized by, and the tag with an ending that gives it the mark of another.
const markOf = (tag) => {
  const number = createHash('sha256').update(tag).digest().readUInt32BE(0);
  return { milliseconds: 1 + (number % 999), seconds: Math.floor(number / 999) % 60 };
};
export const madeAbove = (tag, base) => (Math.floor(base / 1000) + 1 + markOf(tag).seconds) * 1000 + markOf(tag).milliseconds;
export function withMarkOf(tag, other) {
  for (let n = 0; ; n++) if (madeAbove(`${tag}_${n}`, 0) === madeAbove(other, 0)) return `${tag}_${n}`;
}

export function withMarkBetween(tag, low, high) {
  for (let n = 0; ; n++) {
    const above = madeAbove(`${tag}_${n}`, 0);
    if (low <= above && above < high) return `${tag}_${n}`;
  }
}

export const tableOf = (tag) => tag.replace(/^\d+_/, '');

// Runs a command; gives { code, out, err }.
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 1 << 26, timeout: 60_000, ...options }, (error, out, err) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error ? error.code : 0, out, err });
    });
    child.stdin.on('error', () => {}); // of one that reads nothing
    child.stdin.end();
  });
}

// Databases are emptied and used again, which is much faster than to make new ones.
const idle = [];
let made = 0;

async function makeDatabase() {
  const physical = `advice_${++made}`;
  const admin = new pg.Client({ host, user: 'postgres', database: 'postgres' });
  await admin.connect();
  await admin.query(`create database "${physical}" strategy file_copy`);
  await admin.end();
  const client = new pg.Client({ host, user: 'postgres', database: physical });
  await client.connect();
  return { physical, client };
}

export const closeDatabases = () => Promise.all(idle.map(({ client }) => client.end()));

export class Database {
  constructor(name, { physical, client }) {
    Object.assign(this, { name, physical, client, has: new Set(), uri: `postgresql:///${physical}?host=${host}&user=postgres` });
  }

  static async create(name) {
    const database = new Database(name, idle.pop() ?? (await makeDatabase()));
    const schemas = await database.query("select quote_ident(nspname) as it from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'");
    await database.query(`set client_min_messages = error; drop schema if exists ${['drizzle', ...schemas.map(({ it }) => it)].join(', ')} cascade; create schema public`);
    return database;
  }

  async query(sql, values) {
    const answer = await this.client.query(sql, values);
    return Array.isArray(answer) ? answer.at(-1).rows : answer.rows;
  }

  // The ledger's rows in the order in which they were written.
  async rows() {
    const [{ there }] = await this.query(`select to_regclass('${LEDGER}') is not null as there`);
    return there ? this.query(`select * from ${LEDGER} order by id`) : [];
  }

  async row(hash, createdAt, id) {
    await this.query(`create schema if not exists drizzle; create table if not exists ${LEDGER}
      (id serial primary key, hash text not null, created_at bigint)`);
    await this.query(`insert into ${LEDGER} (${id ? 'id, ' : ''}hash, created_at) values (${id ? `${id}, ` : ''}$1, $2)`, [hash, createdAt]);
  }

  // What is there, but for the ledger: the same in two databases that have run the same.
  async schema() {
    const rows = await this.query(`select n.nspname || '.' || c.relname || ' ' || c.relkind::text || ' ' ||
        coalesce(string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull, ', ' order by a.attname), '') as it
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'drizzle') group by n.nspname, c.relname, c.relkind order by 1`);
    return rows.map(({ it }) => it).join('\n');
  }

  // What the real runner does there: the rows it adds. Throws what it throws.
  async migrate(folder, kind) {
    const { drizzle } = kinds[kind]('drizzle-orm/node-postgres');
    const { migrate } = kinds[kind]('drizzle-orm/node-postgres/migrator');
    const before = new Set((await this.rows()).map(({ id }) => id));
    await migrate(kind === 'v1' ? drizzle({ client: this.client }) : drizzle(this.client), { migrationsFolder: folder });
    return (await this.rows()).filter(({ id }) => !before.has(id));
  }

  release() {
    idle.push(this);
  }
}

export class World {
  constructor(number, { kind = 'v0', name = 'drizzle' } = {}) {
    Object.assign(this, { number, kind, name, entries: [], when: new Map(), databases: [], options: [], old: new Map() });
    this.root = path.join(SCRATCH, `case-${number}`);
    this.folder = path.join(this.root, name);
    this.notMigrations = new Set(); // of the files there
    fs.mkdirSync(this.folder, { recursive: true });
    for (const folder of [this.root, this.folder]) fs.chmodSync(folder, 0o755);
  }

  // ---- the folder ----

  path(file) {
    return path.join(this.folder, file);
  }

  file(file, text) {
    fs.mkdirSync(path.dirname(this.path(file)), { recursive: true });
    fs.writeFileSync(this.path(file), text);
  }

  // What stood there before comes back by restore().
  remove(file) {
    this.old.set(file, fs.readFileSync(this.path(file)));
    fs.rmSync(this.path(file));
  }

  edit(file, text) {
    this.old.set(file, fs.readFileSync(this.path(file)));
    this.file(file, text);
  }

  restore(file) {
    assert.ok(this.old.has(file), `${file} was never another`);
    this.file(file, this.old.get(file));
  }

  // A SQL file and its snapshot; without a text it makes a table.
  sql(tag, text = `create table "${tableOf(tag)}" (id integer);\n`) {
    if (this.kind === 'v1') return this.file(`${tag}/migration.sql`, text);
    this.file(`${tag}.sql`, text);
    if (/^\d+_/.test(tag)) this.file(`meta/${tag.match(/^\d+/)[0]}_snapshot.json`, '{}');
  }

  // `when` is a number or JSON.
  entry(tag, when = FIRST + STEP * this.entries.length, idx = this.entries.length) {
    this.when.set(tag, when);
    this.raw(`{\n      "idx": ${idx},\n      "version": "7",\n      "when": ${when},\n      "tag": "${tag}",\n      "breakpoints": true\n    }`);
  }

  raw(json) {
    this.entries.push(json);
    this.write();
  }

  write() {
    this.file('meta/_journal.json',
      `{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": [${this.entries.map((entry) => `\n    ${entry}`).join(',')}\n  ]\n}`);
  }

  // A SQL file, its snapshot and its entry.
  migration(tag, when, text) {
    this.sql(tag, text);
    if (this.kind === 'v0') this.entry(tag, when);
  }

  get journal() {
    return JSON.parse(fs.readFileSync(this.path('meta/_journal.json'), 'utf8'));
  }

  // Changes one entry of the journal, in drizzle-kit's form.
  editEntry(tag, change) {
    const journal = this.journal;
    change(journal.entries.find((entry) => entry.tag === tag), journal);
    this.file('meta/_journal.json', JSON.stringify(journal, null, 2));
  }

  // The entry stands before that of another from now on.
  placeBefore(tag, other) {
    const { journal } = this;
    const [entry] = journal.entries.splice(journal.entries.findIndex((it) => it.tag === tag), 1);
    journal.entries.splice(journal.entries.findIndex((it) => it.tag === other), 0, entry);
    this.file('meta/_journal.json', JSON.stringify(journal, null, 2));
  }

  rule(line) {
    fs.appendFileSync(this.path('.migfs'), `${line}\n`);
  }

  // The migrations that the folder holds now.
  get tags() {
    const names = fs.readdirSync(this.folder, { withFileTypes: true });
    const tags = this.kind === 'v1'
      ? names.filter((entry) => fs.existsSync(this.path(`${entry.name}/migration.sql`))).map(({ name }) => name)
      : names.filter((entry) => entry.isFile() && entry.name.endsWith('.sql')).map(({ name }) => name.slice(0, -4));
    return tags.filter((tag) => !this.notMigrations.has(tag)).sort();
  }

  text(tag) {
    return fs.readFileSync(this.path(this.kind === 'v1' ? `${tag}/migration.sql` : `${tag}.sql`));
  }

  async git(...words) {
    const { code, out, err } = await run('git', ['-C', this.root, ...words]);
    assert.equal(code, 0, `git ${words.join(' ')}: ${err}`);
    return out;
  }

  async commit(message = 'x') {
    if (!fs.existsSync(path.join(this.root, '.git'))) await this.git('init', '-q', '-b', 'main');
    await this.git('add', '-A');
    await this.git('commit', '-qm', message, '--allow-empty');
  }

  // ---- databases ----

  async database(name, isAttached = true) {
    const database = await Database.create(name);
    database.isAttached = isAttached;
    this.databases.push(database);
    return database;
  }

  away(name) {
    return this.database(name, false);
  }

  named(name) {
    return this.databases.find((database) => database.name === name);
  }

  // As the runner leaves a database that has run these, under the timestamps that the entries have now.
  async ran(name, ...tags) {
    for (const tag of tags) {
      await this.byHand(name, tag);
      await this.named(name).row(sha256(this.text(tag)), this.when.get(tag));
    }
  }

  // Runs its SQL and records nothing.
  async byHand(name, ...tags) {
    for (const tag of tags) {
      await this.named(name).query(this.text(tag).toString());
      this.named(name).has.add(tag);
    }
  }

  // The real runner, from the folder as it is or another; gives the tags that ran.
  async deploy(database, folder = this.folder) {
    const rows = await database.migrate(folder, this.kind);
    const ran = rows.map((row) => this.tagOf(row));
    for (const tag of ran) database.has.add(tag);
    return ran;
  }

  // By the file's text; of twins each once.
  tagOf({ hash, name }) {
    if (name) return name;
    const same = this.tags.filter((tag) => sha256(this.text(tag).toString()) === hash);
    return same.length > 1 ? same.join('|') : (same[0] ?? 'what is gone');
  }

  // ---- migfs ----

  get databaseOptions() {
    const attached = this.databases.filter(({ isAttached }) => isAttached);
    return attached.length > 0 ? attached.map(({ name, uri }) => `--database=${name}=${uri}&port=${process.env.MIGFS_TEST_POOLER_PORT}`) : ['--no-database'];
  }

  migfs(command, ...more) {
    return run(MIGFS, [command, ...this.databaseOptions, ...this.options, ...more], { cwd: this.root });
  }

  // As somebody types it at a prompt.
  shell(line, cwd = this.root) {
    return run('bash', ['-c', `migfs() { "$MIGFS" "$@"; }; ${line}`], { cwd });
  }

  // As somebody types it who names no database.
  alone(command, ...more) {
    return run(MIGFS, [command, '--no-database', ...this.options, ...more], { cwd: this.root });
  }

  // From now on what the problems are is read in a mount.
  async mount() {
    this.view = path.join(this.root, 'view');
    fs.mkdirSync(this.view);
    const { code, err } = await run(MIGFS, [...this.databaseOptions, this.name, this.view], { cwd: this.root });
    assert.equal(code, 0, `mount: ${err}`);
  }

  async unmount() {
    if (!this.view) return;
    await run('umount', [this.view]);
    delete this.view;
  }

  async problems(...options) {
    if (this.view) {
      await run('sync', [path.join(this.view, 'problems')]);
      return JSON.parse(fs.readFileSync(path.join(this.view, 'status.json'), 'utf8')).problems;
    }
    const codes = [0, 1, 2]; // 2: a database cannot be read
    const { code, out, err } = await this.migfs('check', '--format=json', '--severity=note', ...options, this.name);
    assert.ok(codes.includes(code) && out !== '', `check ended with ${code}: ${err}`);
    return JSON.parse(out);
  }

  async print(file) {
    const { code, out, err } = await this.migfs('print', this.name, file);
    assert.equal(code, 0, `print ${file}: ${err}`);
    return out;
  }

  close() {
    for (const database of this.databases) database.release();
  }
}
