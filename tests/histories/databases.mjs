// Real databases and the real runner. Each test process has a few databases that it empties between histories, since that
// is much faster than making new ones. Besides the ledger each has a table `ran`, into which every migration writes its
// mark: what ran, how often and in which order is read from there and not from anybody's word.

import { createRequire } from 'node:module';
import path from 'node:path';

const modules = process.env.MIGFS_NODE_MODULES;
if (!modules) throw new Error('MIGFS_NODE_MODULES must name the node_modules folder with drizzle-orm and pg');
const require = createRequire(path.join(path.dirname(modules), 'index.js'));
const pg = require('pg');
const { drizzle } = require('drizzle-orm/node-postgres');
const { migrate } = require('drizzle-orm/node-postgres/migrator');

const host = process.env.MIGFS_TEST_PGHOST;

export class Database {
  /** `physical` is its name on the server, `name` the one in the view. */
  constructor(physical) {
    this.physical = physical;
    this.name = physical;
    this.port = null; // that of the pooler, where the view reads through it
    this.schema = 'drizzle';
    this.table = '__drizzle_migrations';
  }

  get uri() {
    return `postgresql:///${this.physical}?host=${host}&user=postgres${this.port ? `&port=${this.port}` : ''}`;
  }

  get ledger() {
    return `"${this.schema}"."${this.table}"`;
  }

  static async create(physical) {
    const admin = new pg.Client({ host, user: 'postgres', database: 'postgres' });
    await admin.connect();
    await admin.query(`drop database if exists "${physical}" with (force)`);
    await admin.query(`create database "${physical}" strategy file_copy`);
    await admin.end();
    const database = new Database(physical);
    database.client = new pg.Client({ host, user: 'postgres', database: physical });
    await database.client.connect();
    return database;
  }

  close() {
    return this.client.end();
  }

  async empty(schema = 'drizzle', table = '__drizzle_migrations') {
    await this.client
      .query(`set client_min_messages = error; drop schema if exists public, drizzle, bookkeeping cascade;
                             create schema public; create table ran (n serial, mark varchar(20))`);
    this.schema = schema;
    this.table = table;
  }

  async query(sql, values) {
    return (await this.client.query(sql, values)).rows;
  }

  /** The rows by id, or none where there is no ledger yet. */
  async rows() {
    const [{ there }] = await this.query('select to_regclass($1) is not null as there', [this.ledger]);
    return there ? this.query(`select * from ${this.ledger} order by id`) : [];
  }

  async hasLedger() {
    return (await this.query('select to_regclass($1) is not null as there', [this.ledger]))[0].there;
  }

  async marks() {
    return (await this.query('select mark from ran order by n')).map((row) => row.mark);
  }

  /** The row the runner reads: undefined where there is none, else its created_at as the runner counts it. */
  async watermark() {
    if (!(await this.hasLedger())) return undefined;
    const [row] = await this.query(`select created_at from ${this.ledger} order by created_at desc limit 1`);
    return row && Number(row.created_at);
  }

  /** Runs the real runner. Returns the error it threw, or undefined. */
  async migrate(folder) {
    try {
      await migrate(drizzle(this.client), {
        migrationsFolder: folder,
        migrationsSchema: this.schema,
        migrationsTable: this.table,
      });
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** What one run of the real runner did: its error, the marks written and the hashes recorded, each in order. */
  async observe(folder) {
    const marksBefore = (await this.marks()).length;
    const last = Math.max(0, ...(await this.rows()).map((row) => row.id));
    const error = await this.migrate(folder);
    const rows = (await this.rows()).filter((row) => row.id > last);
    return { error, marks: (await this.marks()).slice(marksBefore), hashes: rows.map((row) => row.hash), rows };
  }
}
