// Judges one history: asks the view, has the real runner migrate every database and an empty one, and compares what they then
// hold with what the truth says they should.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { judgeBase } from './base.mjs';
import { expect, isConsistent, isMarked, judgeRun, judgeShape, rename } from './oracle.mjs';
import { readStatus } from './view.mjs';
import { judgeWholeSquash } from './whole_squash.mjs';
import { printRule, Site } from './world.mjs';

const sorted = (list) => [...list].sort().join(' ');
const hash = (text) => crypto.createHash('sha256').update(text).digest('hex');

export class Verdict {
  /** `places`: the folder of its mounts. `isFull`: compare the files with what the same inputs give elsewhere, `canMount`: look at the folder in a mount; `mount`: and deploy from
   * it; `detached`: in the end deploy to this database what is served when it is not attached. */
  constructor(world, view, fresh, folder, places, { canMount, mount, isFull, detached }) {
    Object.assign(this, { world, view, fresh, folder, places, canMount, mount, isFull, detached });
    this.byPosition = view.options.includes('--idx=position');
    this.wrong = [];
    this.hasFailed = false; // a deploy, in an order that nobody could know
    this.facts = new Set(); // what kind of history it was, for the statistics
    this.outputs = {};
  }

  print(file, sites = this.world.sites, folder = this.folder) {
    const isOurs = sites === this.world.sites && folder === this.folder;
    const result = isOurs ? this.look.print(file) : this.view.print(folder, sites, file);
    this.outputs[file] = result.code === 0 ? result.text : `refused: ${result.errors}`;
    return result;
  }

  async judge() {
    this.world.write(this.folder);
    this.look = await this.view.look(this.folder, this.world.sites, this.canMount ? path.join(this.places, 'view') : null);
    try {
      await this.judgeLook();
    } finally {
      await this.look.close();
    }
  }

  /** Looks at the folder as the world has it, or with another journal alone. */
  lookAgain(journal) {
    if (journal === undefined) this.world.write(this.folder);
    else fs.writeFileSync(path.join(this.folder, 'meta/_journal.json'), journal);
    this.look.again();
  }

  async judgeLook() {
    const { world, facts } = this;
    const { sites } = world;
    const expected = (this.expected = await expect(world, sites));
    for (const told of expected.told.values()) for (const rule of told.values()) facts.add(`told by ${rule}`);
    const served = this.print('_journal.json');
    this.print('status.json');
    if (this.isFull) await this.judgeSameBytes();
    rename(expected);
    this.problems = JSON.parse(this.outputs['status.json']).problems;
    this.judgeDoubts(expected);
    this.judgeContested(expected);
    this.judgeStates(expected, this.outputs['status.json']);
    if (world.published && world.isReadable && !world.isConflicted) this.wrong.push(...judgeBase(this.view, world, this.folder, sites, facts, (...moved) => this.proves(...moved)));
    if (world.entries.length % 4 === 0) this.wrong.push(...judgeWholeSquash(this.view, world, this.folder, sites, expected.ledgers));
    if (this.isLeftToDecide(sites)) return;
    const isRefused = served.code !== 0;
    if (isRefused) facts.add(`refused: ${expected.refusal?.why}`);
    if (isRefused !== Boolean(expected.refusal))
      this.wrong.push(
        isRefused
          ? `refused, though stamps could serve: ${served.errors.trim()}`
          : `served, though no stamps can serve: ${describe(expected.refusal)}`,
      );
    if (isRefused && this.mount && this.wrong.length === 0) this.judgeRefusedMount();
    for (const site of sites) await this.judgeOwn(site, isRefused);
    if (this.wrong.length > 0 || isRefused) return;

    this.wrong.push(...judgeShape(world, expected, served.text));
    if (isConsistent(world, expected, this.byPosition)) {
      facts.add('identical');
      if (served.text !== world.journal)
        this.wrong.push('the journal on disk is consistent, and other bytes were served');
    } else if (served.text === world.journal) facts.add('served as it is');
    await this.judgeForgotten(served.text);
    if (this.detached || this.isFull) await this.judgeOthersAttached();
    if (this.wrong.length === 0) await this.judgeStable(served.text, 'committed');
    if (this.wrong.length > 0) return;
    if (this.detached) await this.deployDetached();
    else if (this.mount) await this.deployFromMount(served.text);
    else await this.deployAll(this.folderWith(served.text));
    if (this.wrong.length === 0 && !this.hasFailed && !this.detached) await this.judgeCommitted(served.text);
  }

  /** Some attached database needs this new timestamp, or has recorded it, and none is harmed by it. */
  proves(tag, before, now) {
    const { expected, world } = this;
    const file = world.files.get(`${tag}.sql`);
    let isNeeded = false;
    for (const site of expected.sites) {
      const watermark = expected.watermark.get(site);
      const rows = expected.rows.get(site);
      if (rows.length === 0) continue;
      // Of an entry whose file is gone, a row is recognized by its timestamp; which proves nothing about it unless it has the tag's mark.
      const hasRun = file === undefined ? expected.told.get(site).has(tag) : expected.has.get(site).has(world.byTag(tag));
      const isRun = (when) => watermark < when;
      if (isRun(now) === hasRun) return false;
      isNeeded ||= isRun(before) === hasRun || rows.some((row) => Number(row.created_at) === now && ((file !== undefined && row.hash === hash(file)) || isMarked(tag, now, expected.stamps)));
    }
    return isNeeded;
  }

  /** With an empty database alone, as in CI or on a new computer, and with some of the real ones: what was published keeps its timestamp unless one
   * of these needs another, and what is new lies above it. */
  async judgeOthersAttached() {
    const { world, facts } = this;
    if (!world.isReadable) return;
    await this.fresh.empty(this.schema?.[0], this.schema?.[1]);
    const some = world.sites.filter((site) => site !== this.detached);
    for (const sites of [[new Site(this.fresh)], some.slice(0, -1)].filter(({ length }) => length > 0)) {
      const expected = await expect(world, sites);
      const served = this.print('_journal.json', sites);
      const what = `with ${sites.map(({ name }) => name).join(', ')} alone`;
      if ((served.code !== 0) !== Boolean(expected.refusal)) this.wrong.push(`${what}: ${served.code ? `refused: ${served.errors.trim()}` : `served, though ${describe(expected.refusal)}`}`);
      if (served.code === 0 && !expected.refusal) {
        facts.add(`judged ${sites[0].database === this.fresh ? 'with an empty database alone' : 'with some of the databases'}`);
        this.wrong.push(...judgeShape(world, expected, served.text).map((sentence) => `${what}: ${sentence}`));
      }
    }
  }

  /** A database that is not attached: what it has run runs there again only where `changes` says so, and nothing new is hidden from it. */
  async deployDetached() {
    const { world, facts, detached } = this;
    const others = world.sites.filter((site) => site !== detached);
    world.write(this.folder);
    const served = this.print('_journal.json', others);
    const changes = this.print('changes', others).text.split('\n');
    if (served.code !== 0 || !world.isReadable || this.expected.lost.size > 0) {
      facts.add('one database not attached: refused, or nothing to compare with');
      return;
    }
    const watermark = await detached.database.watermark();
    const isDue = (entry) => entry && (watermark === undefined || watermark < entry.when);
    const before = new Map(world.entries.filter(Boolean).map((entry) => [entry.tag, entry]));
    const published = Math.max(...world.entries.map((entry) => (Number.isSafeInteger(entry?.when) ? entry.when : 0)));
    const hasRun = (site, tag) => site.ran.has(world.byTag(tag));
    const isLevel = [...before.keys()].every((tag) => !world.byTag(tag) || !world.isOnDisk(world.byTag(tag)) || hasRun(detached, tag));
    let harmed = world.entries.some((entry) => isDue(entry) && hasRun(detached, entry.tag));
    for (const entry of JSON.parse(served.text).entries) {
      const old = before.get(entry.tag);
      if (old && isDue(entry) && !isDue(old) && hasRun(detached, entry.tag)) {
        harmed = true;
        facts.add('one database not attached: a published timestamp had to move, and that is said');
        if (!changes.some((line) => line.startsWith(`${entry.tag}:`) && /not attached and has run it would run it again/.test(line)))
          this.wrong.push(`${detached.name}, not attached, would run ${entry.tag} again, and changes does not say so`);
      }
      const isNew = !old && !hasRun(detached, entry.tag) && !others.some((site) => hasRun(site, entry.tag));
      if (isNew && !isDue(entry) && watermark <= published)
        this.wrong.push(`${detached.name}, not attached and not ahead, would never run ${entry.tag}, which is new`);
    }
    if (harmed || this.wrong.length > 0) return;
    const { error, marks } = await detached.database.observe(this.folderWith(served.text));
    const again = marks.filter((mark) => [...detached.ran].some((migration) => migration.isPlain && migration.marks.includes(mark) && before.has(migration.tag)));
    if (again.length > 0) this.wrong.push(`${detached.name}, not attached, ran ${again.join(' ')} again`);
    if (error && before.size > 0 && /already exists/.test((error.cause ?? error).message) && [...before.keys()].some((tag) => hasRun(detached, tag) && (error.cause ?? error).message.includes(`"t${world.byTag(tag).id}"`)))
      this.wrong.push(`${detached.name}, not attached: the runner failed: ${(error.cause ?? error).message}`);
    facts.add(`one database not attached: ${isLevel ? 'level' : 'behind'}${error ? ', and its deploy fails as it did' : ''}`);
  }

  /** A file that is not listed and whose objects are there without a row is held, or no journal is served, until a rule decides. It has run
   * somewhere then; no more is judged. */
  isLeftToDecide(sites) {
    const left = this.problems.filter(
      ({ code, sentence }) => ['held', 'ran-by-hand'].includes(code) && sentence.includes('where no row says that it ran'),
    );
    for (const { file } of left)
      if (!sites.some((site) => [...site.ran].some((migration) => migration.file === file)))
        this.wrong.push(`${file}: what it makes is said to be there, and it ran nowhere`);
    if (left.length > 0) this.facts.add('left to decide: what an unlisted file makes is there without a row');
    return left.length > 0;
  }

  /** Rows that two migrations could claim by their marks: said, with the rule for each of them, and of no other database. */
  judgeContested(expected) {
    for (const site of expected.sites) {
      const { contested } = expected.told.get(site);
      const said = this.problems.filter(({ code, database, sentence }) => code === 'unknown-row' && database === site.name && /may have been made for any of/.test(sentence));
      const isSilent = this.world.rules.some(({ verb, site: only }) => verb === 'foreign' && only === site) || expected.refusal?.why === 'wrong database';
      if (contested.length > 0) this.facts.add('a row that two could claim by their marks');
      if (isSilent) continue;
      if (said.length !== (contested.length > 0 ? 1 : 0)) this.wrong.push(`${site.name}: ${said.length} lines say that a row may be of ${contested.join(' or ') || 'two, and none may'}`);
      for (const tag of contested.slice(0, 3))
        if (!said.some(({ sentence }) => sentence.includes(printRule({ verb: 'applied', glob: tag, site })))) this.wrong.push(`${site.name}: nothing offers the rule for ${tag}, which could claim a row`);
    }
  }

  /** What nobody can know is said: each row that nothing tells any more, and each that tells what is not true. */
  judgeDoubts(expected) {
    for (const [site, lost] of expected.lost)
      for (const [migration, how] of lost) {
        const isTold = this.problems.some(
          ({ code, database, file }) =>
            (database === site.name && ['unknown-row', 'shared-ledger', 'wrong-database'].includes(code)) ||
            (['ran-by-hand', 'half-there'].includes(code) && file === migration.file) ||
            (code === 'modified' && (file === migration.file || lost.some(([other]) => file === other.file))),
        );
        if (!isTold)
          this.wrong.push(`${site.name}: no problem tells of the doubt about ${migration.tag}, which ${how}`);
        this.facts.add(
          `not by the truth, since no row shows it: in one database a migration ${how === 'ran' ? 'ran' : 'only looks as if it ran'}`,
        );
      }
  }

  /** Where a row is told by its stamp alone, and that must change: a problem says so, for no other row, and what it advises helps. */
  async judgeForgotten(text) {
    const { world, expected } = this;
    const before = { raw: world.raw, entries: world.entries, isReadable: world.isReadable, fused: world.fused };
    Object.assign(world, { raw: text, entries: JSON.parse(text).entries, isReadable: true, fused: null });
    const committed = await expect(world, world.sites);
    Object.assign(world, before);
    const rules = world.sites.flatMap((site) =>
      expected.counted
        .filter(({ tag }) => expected.told.get(site).has(tag) && !committed.told.get(site).has(tag))
        .map((migration) => ({ verb: 'applied', glob: migration.tag, site })),
    );
    const said = this.problems.filter(({ code }) => code === 'commit-forgets');
    const advised = said.flatMap(({ sentence }) => [...sentence.matchAll(/`applied (\S+) (\S+)`/g)]);
    const [right, wrong] = [rules.map(printRule), advised.map(([rule]) => rule.slice(1, -1))].map(sorted);
    if (right !== wrong) this.wrong.push(`commit-forgets advises ${wrong || 'nothing'} instead of ${right || 'nothing'}`);
    if (rules.length === 0) return;
    this.facts.add('a row was told by a stamp that had to change');
    world.rules.push(...rules);
    this.lookAgain();
    if (this.look.print('_journal.json').text !== text)
      this.wrong.push('the rules that commit-forgets advises change the journal');
  }

  /** The same inputs give the same bytes: another place, order of creation, times, locale and zone. */
  async judgeSameBytes() {
    const { world } = this;
    const names = world.sites.flatMap(({ name }) => ['ledger', 'summary', 'schema', 'next', '_journal.json'].map((file) => `databases/${name}/${file}`));
    const files = ['_journal.json', 'problems', 'status.json', 'summary', 'changes', 'databases/overview', ...names];
    const twin = `${this.folder}.twin`;
    world.write(twin, { order: (parts) => [...parts].reverse() });
    for (const [i, name] of fs.readdirSync(twin).entries()) fs.utimesSync(path.join(twin, name), 1e9 + i, 1e9 + 7 * i);
    const elsewhere = { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' };
    const look = await this.view.look(twin, world.sites, this.canMount ? path.join(this.places, 'twin.view') : null, elsewhere);
    try {
      for (const file of files) {
        const [one, other] = [this.print(file), look.print(file)];
        if (one.code !== other.code || one.text !== other.text) {
          this.wrong.push(`${file} is not the same for the same inputs`);
          this.outputs[`${file} of the twin`] = other.text;
        }
      }
    } finally {
      await look.close();
    }
  }

  async judgeOwn(site, isRun) {
    const { world } = this;
    const expected = await expect(world, world.sites, [site]);
    const file = `databases/${site.name}/_journal.json`;
    const own = this.print(file);
    if ((own.code !== 0) !== Boolean(expected.refusal)) {
      this.wrong.push(
        `${file} is ${own.code ? `refused, though stamps could serve: ${own.errors.trim()}` : `served, though no stamps can serve: ${describe(expected.refusal)}`}`,
      );
      return;
    }
    if (own.code !== 0) return;
    const wrong = [
      ...judgeShape(world, expected, own.text),
      ...this.forgive(expected, judgeRun(world, expected, site, own.text)),
    ];
    this.wrong.push(...wrong.map((sentence) => `${file}: ${sentence}`));
    if (isRun && wrong.length === 0) await this.deploy(site, this.folderWith(own.text), expected);
  }

  forgive(expected, sentences) {
    const isForgiven = (sentence) =>
      (expected.orderLost || this.expected.lost.size > 0) && / runs before /.test(sentence);
    if (sentences.some(isForgiven)) this.forgiveOrder(expected);
    return sentences.filter((sentence) => !isForgiven(sentence));
  }

  /** The order cannot be known: a problem says so, and the runner that fails leaves the database as it was. */
  forgiveOrder(expected) {
    this.facts.add(`not in an order that works: ${expected.orderLost?.why ?? 'no row shows what ran'}`);
    const isTold = this.problems.some(
      ({ code, sentence }) => ['journal-incomplete', 'unjournaled'].includes(code) && / it is not certain what has to run before /.test(sentence),
    );
    if (!isTold && this.expected.lost.size === 0)
      this.wrong.push('no problem tells that the order is in doubt');
  }

  folderWith(journal) {
    const folder = `${this.folder}.served`;
    this.world.write(folder, { journal });
    return folder;
  }

  async deployAll(folder) {
    for (const site of this.world.sites) await this.deploy(site, folder, this.expected);
    await this.fresh.empty(this.schema?.[0], this.schema?.[1]);
    await this.compare(
      { name: 'an empty database', database: this.fresh },
      folder,
      this.expected.counted,
      this.expected,
    );
  }

  async deploy(site, folder, expected) {
    const lacking = expected.counted.filter((migration) => !expected.has.get(site).has(migration));
    if (await this.compare(site, folder, lacking, expected)) for (const migration of lacking) site.ran.add(migration);
  }

  /** Where no row shows what ran, the view cannot be right; what it says is done all the same, or nothing is. */
  failsAsSaid(site, error, expected) {
    const isOrder = (expected.orderLost || this.expected.lost.size > 0) && /does not exist/.test(error.message);
    const isLost = expected.lost.has(site) && /already exists|does not exist/.test(error.message);
    if (isOrder) this.forgiveOrder(expected);
    return isOrder || isLost;
  }

  /** Two runs of the real runner: the first runs exactly these, the second nothing. */
  async compare(site, folder, lacking, expected) {
    const first = await site.database.observe(folder);
    if (first.error) {
      const error = first.error.cause ?? first.error;
      this.hasFailed = true;
      if (first.rows.length > 0 || !this.failsAsSaid(site, error, expected))
        this.wrong.push(`${site.name}: the runner failed: ${error.message}`);
      return false;
    }
    const marks = lacking.flatMap((migration) => migration.marks);
    if (sorted(first.marks) !== sorted(marks))
      this.wrong.push(`${site.name}: ran ${sorted(first.marks) || 'nothing'} instead of ${sorted(marks) || 'nothing'}`);
    const hashes = lacking.map(({ file }) => hash(this.world.files.get(file)));
    if (sorted(first.hashes) !== sorted(hashes))
      this.wrong.push(
        `${site.name}: the ledger got ${first.hashes.length} rows instead of those of ${lacking.length} migrations`,
      );
    const second = await site.database.observe(folder);
    if (second.error || second.rows.length > 0)
      this.wrong.push(
        `${site.name}: the second run ${second.error ? `failed: ${second.error.message}` : `ran ${second.marks.join(' ') || second.rows.length}`}`,
      );
    return this.wrong.length === 0;
  }

  /** What was served stands on disk now: the same bytes are served again. */
  async judgeStable(text, when) {
    fs.mkdirSync(path.join(this.folder, 'meta'), { recursive: true });
    this.lookAgain(text);
    const again = this.look.print('_journal.json');
    if (again.code !== 0) this.wrong.push(`${when}, the consistent journal is refused: ${again.errors.trim()}`);
    else if (again.text !== text) {
      this.wrong.push(`${when}, the consistent journal changes once more`);
      this.outputs[`_journal.json ${when}`] = again.text;
    }
  }

  /** Committed and deployed, the consistent journal is right, and nothing is left to change. */
  async judgeCommitted(text) {
    const { world, facts } = this;
    Object.assign(world, { raw: text, entries: JSON.parse(text).entries, isReadable: true, isConflicted: false, fused: null });
    const expected = await expect(world, world.sites);
    rename(expected);
    if (expected.lost.size > this.expected.lost.size) this.wrong.push('once committed, less is known of what ran');
    await this.judgeStable(text, 'committed and deployed');
    for (const site of world.sites)
      this.wrong.push(...judgeRun(world, expected, site, text).map((sentence) => `once committed: ${sentence}`));
    if (!isConsistent(world, expected, this.byPosition)) facts.add('not in order even when committed');
  }

  // ---- through a mount ----

  async deployFromMount(text) {
    const { world, facts, look } = this;
    this.lookAgain();
    if (this.view.print(this.folder, world.sites, '_journal.json').text !== text)
      this.wrong.push('print prints other bytes than the mount serves');
    this.judgeStatusFiles(look.at, this.expected);
    await this.deployAll(path.join(look.at, 'migrations'));
    look.again();
    const after = await expect(world, world.sites);
    if (this.wrong.length === 0 && !this.hasFailed) {
      this.judgeStates(after, look.print('status.json').text);
      this.judgeStatusFiles(look.at, after);
    }
    facts.add('through a mount');
  }

  judgeRefusedMount() {
    const { at } = this.look;
    let code;
    try {
      fs.readFileSync(path.join(at, '_journal.json'));
    } catch (error) {
      code = error.code;
    }
    if (code !== 'EIO') this.wrong.push(`reading the refused journal gave ${code ?? 'bytes'} instead of EIO`);
    if (fs.statSync(path.join(at, '_journal.json')).size === 0) this.wrong.push('the refused journal has the size 0');
    if (fs.readFileSync(path.join(at, 'problems'), 'utf8') === '')
      this.wrong.push('the journal is refused, and problems is empty');
    const { code: status, text } = this.view.print(this.folder, this.world.sites, '_journal.json');
    if (status !== 2 || text !== '') this.wrong.push(`print of the refused journal ended with ${status}`);
    this.facts.add('refused in a mount');
  }

  /** The state of each migration in each database, from the truth. `status` is status.json. */
  judgeStates(expected, status) {
    const said = new Map(JSON.parse(status).migrations.map(({ tag, databases }) => [tag, databases]));
    for (const migration of expected.counted)
      for (const site of expected.sites) {
        const { state, row } = said.get(migration.tag)?.[site.name] ?? {};
        const right = rightStates(expected, migration, site);
        if (!right.includes(state))
          this.wrong.push(`state of ${migration.tag} in ${site.name}: ${state} instead of ${right.join(' or ')}`);
        const owner = row && site.owner.get(Number(row));
        if (owner && owner !== migration && owner.isPlain && !expected.lost.has(site))
          this.wrong.push(
            `${site.name}: row ${row} is taken for that of ${migration.tag}, and is that of ${owner.tag}`,
          );
      }
  }

  /** The text files say the same. */
  judgeStatusFiles(mountpoint, expected) {
    for (const migration of expected.counted) {
      const status = readStatus(mountpoint, migration.tag);
      for (const site of expected.sites) {
        const said = status.get(`database ${site.name}`) ?? 'nothing';
        if (!rightStates(expected, migration, site).includes(said.split(' ')[0]))
          this.wrong.push(`status/${migration.tag} says of ${site.name}: ${said}`);
      }
    }
  }
}

function rightStates(expected, migration, site) {
  const entries = expected.entries.filter((candidate) => candidate?.tag === migration.tag);
  const watermark = expected.watermark.get(site);
  const wouldRun = entries.some(({ when }) => watermark === undefined || watermark < when);
  if (!expected.has.get(site).has(migration))
    return [entries.length > 0 ? (wouldRun ? 'pending' : 'skipped') : 'not-applied'];
  if (wouldRun) return ['rerun'];
  const told = expected.told.get(site).get(migration.tag);
  if (/^hash/.test(told) || told === 'a rule') return ['applied'];
  return /^name/.test(told) ? ['applied', 'modified'] : ['modified'];
}

function describe({ why, site, migration }) {
  return [why, site && `in ${site.name}`, migration && `over ${migration.tag}`].filter(Boolean).join(' ');
}
