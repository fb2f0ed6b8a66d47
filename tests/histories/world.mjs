// The truth of one history: the folder as it stands, every migration with what it needs, and for each database which
// migrations really ran there. The view under test sees only the folder and the ledgers; this knows the rest.

import fs from 'node:fs';
import path from 'node:path';

const CUSTOM = '-- Custom SQL migration file, put your code below! --';
const BREAK = '\n--> statement-breakpoint\n';

/** One migration, whatever its file is called today. */
export class Migration {
  /** `form` is `plain`: it makes a table of its own and adds to those of others; `custom`: only drizzle-kit's constant comment;
   * or `twin`: the same bytes as every other twin. */
  constructor(id, tag, needs, form) {
    this.id = id;
    this.tag = tag;
    this.needs = needs; // migrations that must have run before it
    this.isPlain = form === 'plain';
    this.marks = { plain: [`m${id}`], custom: [], twin: ['twin'] }[form]; // what it writes into `ran`
    this.sql = form === 'custom' ? CUSTOM : statements(this).join(BREAK);
  }

  /** One file that does what these did. Nothing made later may need it: where they ran, it makes nothing. */
  static squash(id, tag, squashed) {
    const migration = new Migration(id, tag, [], 'custom');
    migration.marks = squashed.flatMap(({ marks }) => marks);
    migration.sql = squashed.map(({ sql }) => sql).join(BREAK);
    return migration;
  }

  get file() {
    return `${this.tag}.sql`;
  }
}

function statements({ id, needs, isPlain, marks }) {
  return [
    // Of the tables every fourth has what makes it costly: an index, a sequence, a table for long texts.
    ...(isPlain ? [`create table "t${id}" (${id % 4 === 0 ? 'id serial primary key, note text' : 'note varchar(9)'});`] : []),
    ...needs.map((other) => `alter table "t${other.id}" add column "c${id}" integer;`),
    ...marks.map((mark) => `insert into ran (mark) values ('${mark}');`),
  ];
}

/** What drizzle-kit keeps of the schema beside a migration, here always of an empty one. */
export function snapshotOf(id, previous) {
  const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return JSON.stringify(
    {
      id: uuid(id),
      prevId: uuid(previous),
      version: '7',
      dialect: 'postgresql',
      tables: {},
      enums: {},
      schemas: {},
      sequences: {},
      roles: {},
      policies: {},
      views: {},
      _meta: { columns: {}, schemas: {}, tables: {} },
    },
    null,
    2,
  );
}

/** A database in the history: the real one and the truth about it. */
export class Site {
  constructor(database) {
    this.database = database;
    this.ran = new Set(); // migrations
    this.owner = new Map(); // row id → migration; rows of nobody are not in it
    this.last = 0; // highest row id seen
  }

  get name() {
    return this.database.name;
  }
}

export class World {
  constructor(random, sites) {
    this.random = random;
    this.sites = sites;
    this.wall = Date.UTC(2024, 0, 1) + random.int(0, 500 * 86400e3);
    this.files = new Map(); // name → text, of everything below the folder but the journal and the rules
    this.migrations = []; // those in the folder's history, in the order they were made
    this.strays = new Map(); // file name → what it is; never to be run
    this.top = { version: '7', dialect: 'postgresql' };
    this.entries = [];
    this.raw = null; // the journal's text where it is not simply `entries` printed
    this.isConflicted = false; // the journal holds both sides of a merge, and `entries` are those of either
    this.fused = null; // `{tag, when, before}` that stand in the entry `before`, ahead of its own, and are lost to JSON.parse
    this.isReadable = true; // false: the journal is missing or no JSON
    this.print = { indent: 2, end: '', newline: '\n' };
    this.rules = [];
    this.story = [];
    this.kinds = new Set(); // of event, for the statistics
    this.nextId = 1;
    this.published = null; // an earlier state: `{entries, files}`
  }

  tell(kind, text) {
    if (kind) this.kinds.add(kind);
    this.story.push(kind ? `${kind}: ${text}` : text);
  }

  pass(low, high) {
    this.wall += this.random.int(low, high);
    return this.wall;
  }

  /** The journal's text, or undefined where there is none. */
  get journal() {
    if (this.raw !== null) return this.raw;
    if (!this.isReadable) return undefined;
    return this.textOf(this.entries);
  }

  textOf(entries) {
    const text = JSON.stringify({ ...this.top, entries }, null, this.print.indent);
    return text.replaceAll('\n', this.print.newline) + this.print.end;
  }

  /** Call after changing `entries`: from now on the journal is printed from them. */
  changed() {
    this.raw = null;
    this.isConflicted = false;
    this.fused = null;
  }

  /** The entries as the consistent journal has to see them: one that holds two is two. */
  get split() {
    const lost = this.fused;
    return lost ? this.entries.flatMap((entry) => (entry?.tag === lost.before ? [{ tag: lost.tag, when: lost.when }, entry] : [entry])) : this.entries;
  }

  byTag(tag) {
    return this.migrations.find((migration) => migration.tag === tag);
  }

  isOnDisk(migration) {
    return this.files.has(migration.file);
  }

  isListed(migration) {
    return this.entries.some((entry) => entry?.tag === migration.tag);
  }

  /** A rule says so, of any database. */
  isSaidToHaveRun(tag) {
    return this.rules.some(({ verb, glob }) => verb === 'applied' && glob === tag);
  }

  /** Keeps this state as one that was committed and deployed. */
  publish() {
    if (this.isReadable && !this.isConflicted) this.published = { entries: structuredClone(this.entries), files: new Map(this.files) };
  }

  dependents(migration) {
    return this.migrations.filter((other) => this.isOnDisk(other) && other.needs.includes(migration));
  }

  write(folder, { journal = this.journal, order = (names) => names, files = this.files } = {}) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    const parts = [...files.keys(), 'meta/_journal.json', '.migfs'];
    for (const name of order(parts)) {
      const text =
        name === 'meta/_journal.json'
          ? journal
          : name === '.migfs'
            ? this.rules.length > 0 && `# decisions\n${this.rules.map(printRule).join('\n')}\n`
            : files.get(name);
      if (text === undefined || text === false) continue;
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
  }
}

export function printRule({ verb, glob, site }) {
  return [verb, glob, ...(site ? [site.name] : [])].join(' ');
}
