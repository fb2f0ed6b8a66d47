// Makes one history the way real ones come about: people generate migrations, merge branches, deploy, and mend things by
// hand. Deployments are done by the real runner from the folder as it was.

import fs from 'node:fs';
import path from 'node:path';
import { classify, compareTags, expect, judgeRun, markOf, numberOf, rename } from './oracle.mjs';
import { Migration, snapshotOf, World } from './world.mjs';
import { FINAL_EVENTS, LAST_EVENTS, MENDING_EVENTS } from './mishaps.mjs';

const WORDS =
  'add drop red blue users mfa orders index webauthn tax_rate größe v2.1 audit-log soft spooky iron_man'.split(' ');

/** The tag, with an ending that gives it the mark of the other. */
function withMarkOf(tag, other) {
  const isSame = (a, b) => a.milliseconds === b.milliseconds && a.seconds === b.seconds;
  for (let n = 0; other && n < 1e6; n++) if (isSame(markOf(`${tag}_${n}`), markOf(other))) return `${tag}_${n}`;
  return tag;
}

export class Life {
  /** `view` prints a file of the view of a folder with databases attached. */
  constructor(random, sites, folder, view) {
    this.random = random;
    this.folder = folder;
    this.view = view;
    this.world = new World(random, sites);
    this.style = random.weighted([
      [7, 'index'],
      [2, 'timestamp'],
      [1, 'unix'],
      [0.4, 'none'],
    ]);
    this.clock = random.weighted([
      [5, 'wall'],
      [1.5, 'by hand'],
      [1, 'seconds'],
    ]);
    this.branch = null;
    this.ranConsistent = new Set(); // migrations that ran through a consistent journal somewhere
    this.finalEvents = FINAL_EVENTS;
    if (random.chance(0.3))
      this.world.print = random.pick([
        { indent: 2, end: '\n', newline: '\n' },
        { indent: '\t', end: '\n', newline: '\n' },
        { indent: 4, end: '', newline: '\n' },
        { indent: 2, end: '\r\n', newline: '\r\n' },
        { indent: 0, end: '', newline: '\n' },
      ]);
    if (random.chance(0.15))
      this.world.top = { $schema: 'https://example.org/journal.json', ...this.world.top, team: { ids: [1, 2.5, 'x'] } };
  }

  async live() {
    const { random, world } = this;
    const target = random.weighted([
      [1, random.int(1, 3)],
      [4, random.int(4, 15)],
      [2, random.int(16, 40)],
    ]);
    const publishAt = random.int(0, target - 1);
    let mishaps = random.weighted([
      [2, 0],
      [3, 1],
      [3, random.int(2, 4)],
      [2, random.int(5, 9)],
    ]);
    world.tell(
      null,
      `${target} migrations, names by ${this.style}, stamps by ${this.clock}, databases ${world.sites.map((site) => site.name).join(' ') || 'none'}, ${mishaps} mishaps`,
    );
    while (world.migrations.length < target) {
      if (!world.published && world.migrations.length >= publishAt) world.publish();
      await random.weighted([
        [5, () => this.generate(random.int(1, 3))],
        [world.sites.length ? 2.5 : 0, () => this.deploy(random.pick(world.sites))],
        [world.sites.length ? 0.5 : 0, () => this.deployConsistent(random.pick(world.sites))],
        [this.branch ? 0 : 0.6, () => this.fork()],
        [this.branch ? 1.2 : 0, () => this.merge()],
        [this.branch && world.sites.length ? 0.2 : 0, () => this.deploy(random.pick(world.sites), this.branch)],
        [
          mishaps > 0 ? 1.5 : 0,
          async () => {
            if (await this.mishap(MENDING_EVENTS)) mishaps--;
          },
        ],
      ])();
    }
    if (this.branch && random.chance(0.8)) this.merge();
    if (world.sites.length && random.chance(0.4)) await this.deploy(random.pick(world.sites));
    for (let tries = 0; mishaps > 0 && tries < 40; tries++) if (await this.mishap(MENDING_EVENTS)) mishaps--;
    if (random.chance(0.2)) {
      if (this.finalEvents.length > 0) await this.mishap(this.finalEvents);
    } else if (this.finalEvents.length > 0 && random.chance(0.4)) await this.mishap(LAST_EVENTS);
    this.settle();
  }

  async mishap(events) {
    const [kind, event] = this.random.weighted(events.map(([weight, ...event]) => [weight, event]));
    const text = await event(this);
    if (text) this.world.tell(kind, text);
    return Boolean(text);
  }

  // ---- people at work ----

  nextStamp(entries, wall) {
    const { random, world } = this;
    const last = entries.at(-1)?.when;
    if (random.chance(0.03)) {
      world.tell('future stamp', 'the next stamp lies in the future');
      return wall + random.int(1, 300) * 86400e3;
    }
    if (this.clock === 'by hand' && Number.isSafeInteger(last)) return last + 100000;
    return this.clock === 'wall' ? wall : Math.floor(wall / 1000) * 1000;
  }

  tagFor(entries, wall) {
    const idx = entries.at(-1)?.idx;
    const prefix = {
      index: String(Number.isSafeInteger(idx) ? idx + 1 : entries.length).padStart(4, '0'),
      timestamp: new Date(wall).toISOString().replace(/\D/g, '').slice(0, 14),
      unix: String(Math.floor(wall / 1000)),
      none: '',
    }[this.style];
    return `${prefix}_${this.random.pick(WORDS)}_${this.random.pick(WORDS)}_${this.world.nextId}`;
  }

  /** Adds one migration to this list of entries, as `drizzle-kit generate` does. `visible`: what its author sees; `like`: a tag whose mark
   * it is to have; `form`: that of the migration, else any. */
  addMigration(entries, visible, wall, { like, form: wanted } = {}) {
    const { random, world } = this;
    const tag = withMarkOf(this.tagFor(entries, wall), like);
    const id = world.nextId++;
    const form =
      wanted ??
      random.weighted([
        [12, 'plain'],
        [0.7, 'custom'],
        [0.7, 'twin'],
      ]);
    const needed = visible.filter(
      (other) =>
        other.isPlain &&
        (this.style === 'none' || (compareTags(other.tag, tag) < 0 && numberOf(other.tag) !== numberOf(tag))),
    );
    const needs = form === 'plain' ? random.some(needed.slice(-6), random.int(0, Math.min(2, needed.length))) : [];
    const migration = new Migration(id, tag, needs, form);
    if (form !== 'plain') world.tell('same bytes', `${tag} is ${form}`);
    const idx = entries.at(-1)?.idx;
    entries.push({
      idx: Number.isSafeInteger(idx) ? idx + 1 : entries.length,
      version: '7',
      when: this.nextStamp(entries, wall),
      tag,
      breakpoints: true,
      ...(random.chance(0.03) ? { author: 'ana', review: [1.0, { ok: true }] } : {}),
    });
    return migration;
  }

  onDisk() {
    return this.world.migrations.filter((migration) => this.world.isOnDisk(migration));
  }

  generate(count, wishes) {
    const { random, world } = this;
    if (!world.isReadable) return;
    for (; count > 0; count--) {
      const wall = world.pass(60e3, 3 * 86400e3);
      const migration = this.addMigration(world.entries, this.onDisk(), wall, wishes);
      world.migrations.push(migration);
      world.files.set(migration.file, migration.sql);
      if (random.chance(0.5))
        world.files.set(
          `meta/${migration.tag.split('_')[0]}_snapshot.json`,
          snapshotOf(migration.id, migration.id - 1),
        );
      world.changed();
      world.tell(
        null,
        `generate ${migration.tag}, when ${world.entries.at(-1).when}, needs ${migration.needs.map((other) => `m${other.id}`).join(' ') || 'nothing'}`,
      );
    }
  }

  fork() {
    const { random, world } = this;
    const base = structuredClone(world.entries);
    const branch = { base: base.length, entries: base, migrations: [] };
    let wall = world.wall;
    const seen = this.onDisk();
    for (let count = random.int(1, 3); count > 0; count--) {
      wall += random.int(60e3, 86400e3);
      branch.migrations.push(this.addMigration(branch.entries, [...seen, ...branch.migrations], wall));
    }
    this.branch = branch;
    world.tell(null, `fork with ${branch.migrations.map((migration) => migration.tag).join(', ')}`);
  }

  merge() {
    const { random, world, branch } = this;
    this.branch = null;
    if (random.chance(0.15))
      return world.tell('branch given up', branch.migrations.map((migration) => migration.tag).join(', '));
    // Somebody may have deleted or renamed meanwhile what the branch needs.
    if (
      branch.migrations.some((migration) =>
        migration.needs.some((other) => !world.isOnDisk(other) && !branch.migrations.includes(other)),
      )
    )
      return undefined;
    const added = branch.entries.slice(branch.base);
    const where = random.weighted([
      [3, 'at the end'],
      [2, 'by stamp'],
      [1, 'at the fork'],
    ]);
    // In any case behind what the branch saw.
    const needed = branch.migrations.flatMap((migration) => migration.needs.map((other) => other.tag));
    const least = Math.max(0, 1 + world.entries.findLastIndex((entry) => needed.includes(entry?.tag)));
    const place =
      where === 'at the end'
        ? world.entries.length
        : where === 'by stamp'
          ? Math.max(least, world.entries.findLastIndex((entry) => entry?.when < added[0].when) + 1)
          : Math.max(least, Math.min(branch.base, world.entries.length));
    world.entries.splice(place, 0, ...added);
    if (random.chance(0.5))
      world.entries.forEach((entry, i) => {
        if (entry) entry.idx = i;
      });
    for (const migration of branch.migrations) world.files.set(migration.file, migration.sql);
    world.migrations.push(...branch.migrations);
    world.changed();
    world.tell('late branch', `merged ${where}: ${added.map(({ tag, when }) => `${tag} (${when})`).join(', ')}`);
    return undefined;
  }

  // ---- deployments ----

  /** By the stock runner, from the folder as it is or from the branch. */
  async deploy(site, branch = null) {
    const { world } = this;
    if (!world.isReadable) return;
    const entries = branch ? branch.entries : world.entries;
    const files = new Map(world.files);
    for (const migration of branch?.migrations ?? []) files.set(migration.file, migration.sql);
    world.pass(1e3, 3600e3);
    const known = [...world.migrations, ...(branch?.migrations ?? [])];
    await this.run(
      site,
      branch ? world.textOf(entries) : world.journal,
      files,
      known,
      branch ? 'from the branch' : 'stock',
    );
    if (branch) world.kinds.add('deployed branch');
  }

  /** Through a consistent journal made with some of the databases attached; maybe it is committed afterwards. */
  async deployConsistent(site) {
    const { random, world } = this;
    this.settle();
    world.pass(1e3, 3600e3);
    const sites = world.sites.filter((other) => other === site || random.chance(0.6));
    const expected = await expect(world, sites);
    if (expected.lost.size > 0 || expected.orderLost || expected.refusal) return;
    rename(expected);
    world.write(this.folder);
    const { code, text } = await this.view(this.folder, sites, '_journal.json');
    if (code !== 0)
      throw new Error(
        `the consistent journal in the middle of the history is refused (${sites.map(({ name }) => name)})`,
      );
    const wrong = judgeRun(world, expected, site, text);
    if (wrong.length > 0)
      throw new Error(`the consistent journal in the middle of the history is wrong: ${wrong.join('; ')}\n${text}`);
    await this.run(
      site,
      text,
      world.files,
      world.migrations,
      `consistent for ${sites.map(({ name }) => name).join(' ')}`,
    );
    world.kinds.add('consistent deploy');
    if (random.chance(0.35)) {
      world.entries = JSON.parse(text).entries;
      world.isReadable = true;
      world.raw = text;
      world.fused = null;
      world.tell('consistent journal committed', 'as it was served');
    }
  }

  async run(site, journal, files, known, how) {
    const { world } = this;
    const entries = journal === undefined ? [] : JSON.parse(journal).entries;
    const watermark = await site.database.watermark();
    const due = entries.filter((entry) => entry && (watermark === undefined || watermark < entry.when));
    const migrations = due.map(({ tag }) => known.find((migration) => migration.tag === tag));
    // What may run again without an error would leave twice what the ledger cannot tell apart.
    if (
      migrations.some(
        (migration, i) =>
          migration && !migration.isPlain && (site.ran.has(migration) || migrations.indexOf(migration) !== i),
      )
    )
      return;
    if (journal === undefined) return;

    const folder = `${this.folder}.deploy`;
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(path.join(folder, 'meta'), { recursive: true });
    for (const [name, text] of files) if (/^[^/]+\.sql$/.test(name)) fs.writeFileSync(path.join(folder, name), text);
    fs.writeFileSync(path.join(folder, 'meta/_journal.json'), journal);
    const { error, rows, marks } = await site.database.observe(folder);
    if (!error && how.startsWith('consistent')) for (const migration of migrations) this.ranConsistent.add(migration);
    if (error) {
      world.tell('failed deploy', `${site.name}, ${how}: ${(error.cause ?? error).message}`);
      return;
    }
    const expectedMarks = migrations.flatMap(({ marks }) => marks);
    if (rows.length !== migrations.length || marks.join() !== expectedMarks.join())
      throw new Error(`the test itself is wrong: deployed ${marks} and thought ${expectedMarks}`);
    migrations.forEach((migration, i) => {
      site.ran.add(migration);
      site.owner.set(rows[i].id, migration);
    });
    world.tell(
      null,
      `deploy ${site.name}, ${how}: ran ${migrations.map(({ tag }, i) => `${tag} (${due[i].when})`).join(', ') || 'nothing'}`,
    );
  }

  // ---- decisions ----

  /** People answer what the view asks them to: they decide about files that are held though something needs them, and clear
   * away leftovers that no rule could tell from migrations. */
  settle() {
    const { world } = this;
    for (let again = true; again;) {
      again = false;
      const kinds = classify(world);
      for (const [tag, kind] of kinds) {
        const file = `${tag}.sql`;
        const migration = world.byTag(tag);
        if (!migration && (kind === 'counts' || kind === 'unclear')) {
          world.files.delete(file);
          world.strays.delete(file);
          world.tell(null, `cleared away ${file}`);
          again = true;
        } else if (kind === 'unclear') {
          this.include(migration, 'its number is taken by an entry that does not count');
          for (const site of world.sites)
            if (site.ran.has(migration)) world.rules.push({ verb: 'applied', glob: tag, site });
          again = true;
        } else if (migration && kind === 'counts')
          for (const needed of migration.needs)
            if (world.isOnDisk(needed) && kinds.get(needed.tag) !== 'counts' && !again) {
              this.include(needed, `${tag} needs it`);
              again = true;
            }
        if (again) break;
      }
    }
  }

  include(migration, why) {
    const { world } = this;
    world.rules = world.rules.filter(({ verb, glob }) => verb !== 'exclude' || glob !== migration.tag);
    world.rules.unshift({ verb: 'include', glob: migration.tag });
    world.tell('rule include', `${migration.tag}: ${why}`);
  }
}
