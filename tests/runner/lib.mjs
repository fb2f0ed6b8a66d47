// What the tests of this folder share: databases, the real runner, and mounts that are gone when their test ends.
// tests/runner/run sets MIGFS, MIGFS_TEST_NODE, MIGFS_TEST_SCRATCH and MIGFS_TEST_PGHOST, and makes the repository's root the current folder.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

const { MIGFS, MIGFS_TEST_NODE, MIGFS_TEST_SCRATCH: scratch, MIGFS_TEST_PGHOST: host } = process.env;
export { host };
export const fixtures = path.resolve('tests/fixtures');
export const leftOut = ['0019_webauthn_mfa', '0020_add_icon_columns', '0021_add_dashboard_default'];

// No test of ours may meet the database of whoever runs it.
for (const name of Object.keys(process.env)) {
  if (name === 'DATABASE_URL' || /^PG[A-Z]+$/.test(name)) delete process.env[name];
}

// Runs a command; gives { code, out, err }.
export function run(command, args, env = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8', env: { ...process.env, ...env }, timeout: 60_000,
  });
  if (error) throw error;
  return { code: status, out: stdout, err: stderr };
}

// ---- folders ----

let folders = 0;

// A folder of the test's own; tests/runner/run removes them all.
export function makeFolder(name = 'folder') {
  const folder = path.join(scratch, `${name}-${++folders}-${process.pid}`);
  fs.mkdirSync(folder);
  fs.chmodSync(folder, 0o755);
  return folder;
}

// A copy of a fixture that a test may change.
export function copyFixture(name) {
  const folder = makeFolder(name);
  fs.cpSync(path.join(fixtures, name), folder, { recursive: true });
  return folder;
}

export const journalOf = (folder) => path.join(folder, 'meta', '_journal.json');
export const readJournal = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
export const writeJournal = (folder, journal) => fs.writeFileSync(journalOf(folder), JSON.stringify(journal, null, 2));
export const lines = (file) => fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
export const sha256 = (file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

// Every file below a folder, by its path in it.
export function filesBelow(folder, below = '') {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) return filesBelow(folder, name);
    return entry.isFile() ? [name] : [];
  });
}

// ---- the thread that has Drizzle and pg loaded ----

let worker = null;

// Has it do this and gives its answer.
function ask(message) {
  if (!worker) {
    const { port1, port2 } = new MessageChannel();
    const done = new Int32Array(new SharedArrayBuffer(4));
    const thread = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: { project: MIGFS_TEST_NODE, port: port2, done }, transferList: [port2],
    });
    thread.unref();
    port1.unref();
    worker = { thread, answers: port1, done };
  }
  Atomics.store(worker.done, 0, 0);
  worker.thread.postMessage(message);
  assert.notEqual(Atomics.wait(worker.done, 0, 0, 60_000), 'timed-out', `${message.what}: no answer within a minute`);
  return receiveMessageOnPort(worker.answers).message;
}

// ---- databases ----

let databases = 0;

export class Database {
  constructor(name) {
    this.name = name;
    this.server = { host };
    this.url = `postgresql:///${name}?host=${host}&user=postgres`;
    this.keywords = `host=${host} user=postgres dbname=${name}`;
  }

  // The rows of a query, each a list of texts; without those that are empty.
  query(sql) {
    const { rows, error } = ask({ what: 'query', server: this.server, database: this.name, sql });
    assert.equal(error, undefined);
    return rows;
  }

  // The ledger's rows in the order in which they were inserted: { hash, when }.
  ledger(table = 'drizzle.__drizzle_migrations') {
    return this.query(`select hash, created_at from ${table} order by id`).map(([hash, when]) => ({ hash, when: Number(when) }));
  }

  hasTable(name) {
    return this.query(`select to_regclass('${name}') is not null`)[0][0] === 't';
  }
}

// A database of the test's own: empty, or as the other is, to which nobody is connected.
export function makeDatabase(like) {
  const name = `test_${++databases}_${process.pid}`;
  new Database('postgres').query(`create database ${name} ${like ? `template ${like.name}` : ''} strategy file_copy`);
  return new Database(name);
}

// ---- the runner ----

// Migrates as projects do at deploy, by the same script: its status and what it says.
export function migrate(folder, database, env = {}) {
  return ask({ what: 'migrate', args: [folder, database.url], env });
}

// The same in a process of its own.
export function migrateApart(folder, database, env = {}) {
  return run('node', [path.join(MIGFS_TEST_NODE, 'migrate.mjs'), folder, database.url], env);
}

const migrated = new Map();

// A database that the stock runner has migrated from this folder: a copy of the one that it has.
export function migratedDatabase(folder, env = {}) {
  const key = JSON.stringify([folder, env]);
  if (!migrated.has(key)) {
    const database = makeDatabase();
    const { code, err } = migrate(folder, database, env);
    assert.equal(code, 0, err);
    migrated.set(key, database);
  }
  return makeDatabase(migrated.get(key));
}

export function drizzleKit(cwd, args) {
  const { status, stdout, stderr } = spawnSync(path.join(MIGFS_TEST_NODE, 'node_modules/.bin/drizzle-kit'), args, {
    encoding: 'utf8', cwd, timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

// The tags of rows, told by their hashes.
export function tagsOf(rows, folder) {
  const tags = new Map(fs.readdirSync(folder).filter((name) => name.endsWith('.sql'))
    .map((name) => [sha256(path.join(folder, name)), name.slice(0, -'.sql'.length)]));
  return rows.map(({ hash }) => tags.get(hash) ?? hash);
}

// ---- mounts ----

const isMounted = (point) => fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n').some((line) => line.split(' ')[4] === point);

export function migfs(args, env = {}) {
  return run(MIGFS, args, env);
}

// Mounts `source` with the options given and gives the view. It is unmounted when the test ends, and its daemon must then end too.
export async function mount(test, source, options = [], env = {}) {
  const point = makeFolder('mnt');
  const saidFile = `${point}.stderr`;
  const stderr = fs.openSync(saidFile, 'w');
  const child = spawn(MIGFS, [...options, source, point], {
    stdio: ['ignore', 'ignore', stderr, 'pipe'], env: { ...process.env, ...env },
  });
  fs.closeSync(stderr);
  // The daemon inherits the fourth descriptor, which therefore ends when the daemon does.
  child.stdio[3].resume();
  const ended = new Promise((resolve) => { child.stdio[3].on('close', resolve); });
  test.after(() => unmount(point, ended));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  return new View(point, source, code, fs.readFileSync(saidFile, 'utf8'));
}

async function unmount(point, ended) {
  if (isMounted(point)) {
    const { code, err } = run('fusermount3', ['-u', point]);
    assert.equal(code, 0, err);
  }
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, 60_000, new Error(`the daemon of ${point} did not end`));
  });
  await Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

export class View {
  constructor(point, source, code, said) {
    Object.assign(this, { point, source, code, said });
  }

  path(...names) {
    return path.join(this.point, ...names);
  }

  read(...names) {
    return fs.readFileSync(this.path(...names), 'utf8');
  }

  lines(...names) {
    return lines(this.path(...names));
  }

  list(...names) {
    return fs.readdirSync(this.path(...names)).sort();
  }

  get migrations() {
    return this.path('migrations');
  }

  // Returns when a refresh that began after this call is to be seen.
  sync() {
    const { code, err } = run('sync', [this.path('problems')]);
    assert.equal(code, 0, err);
  }

  // The value of one key of a status file.
  status(tag, key) {
    const found = this.lines('status', tag).find((line) => line.startsWith(`${key}: `));
    assert.notEqual(found, undefined, `status/${tag} has no ${key}`);
    return found.slice(key.length + 2);
  }

  // The lines of `problems` with this code.
  problems(code) {
    return this.lines('problems').filter((line) => line.endsWith(` [${code}]`));
  }

  // The journal is refused wherever it stands: it fails to read, but never looks like an empty file.
  assertRefused() {
    for (const file of [this.path('_journal.json'), this.path('migrations', 'meta', '_journal.json')]) {
      assert.throws(() => fs.readFileSync(file), { code: 'EIO' }, file);
      assert.ok(fs.statSync(file).size > 0, file);
    }
  }

  // Everything but refused journals can be read.
  assertReadable() {
    for (const file of filesBelow(this.point)) {
      if (!file.endsWith('_journal.json')) fs.readFileSync(this.path(file));
    }
  }
}
