// What goes wrong in real folders and ledgers. Each event takes a life, changes its world, and returns a sentence about what it did,
// or nothing where it does not apply. None of them destroys what would have to be known.

import * as history from './mishaps_history.mjs';
import * as ledgers from './mishaps_ledgers.mjs';
import { classify, numberOf } from './oracle.mjs';

const entryOf = (world, migration) => world.entries.find((entry) => entry?.tag === migration.tag);

function pickListed({ random, world }, fits = () => true) {
  const list = world.isReadable
    ? world.migrations.filter((migration) => world.isListed(migration) && world.isOnDisk(migration) && fits(migration))
    : [];
  return list.length > 0 ? random.pick(list) : null;
}

const isTypedIn = (migration) => numberOf(migration.tag) !== null;

// ---- the journal ----

function loseEntry(life) {
  const { world } = life;
  const migration = pickListed(life, isTypedIn);
  if (!migration) return null;
  world.entries = world.entries.filter((entry) => entry?.tag !== migration.tag);
  world.changed();
  return migration.tag;
}

function loseLastEntries(life) {
  const { random, world } = life;
  const count = random.int(1, 3);
  if (!world.isReadable || life.style === 'none' || world.entries.length < count) return null;
  const lost = world.entries.splice(-count);
  world.changed();
  return lost.map((entry) => entry?.tag).join(', ');
}

function listLater(life, fits = () => true) {
  const { random, world } = life;
  if (!world.isReadable) return null;
  const list = world.migrations.filter(
    (migration) => world.isOnDisk(migration) && !world.isListed(migration) && fits(migration),
  );
  if (list.length === 0) return null;
  const migration = random.pick(list);
  const tags = world.entries.map((entry) => entry?.tag);
  const needs = (other, one) => other?.needs.includes(one);
  const low = 1 + tags.findLastIndex((tag) => needs(migration, world.byTag(tag)));
  const found = tags.findIndex((tag) => needs(world.byTag(tag), migration));
  const high = found === -1 ? tags.length : found;
  if (low > high) return null;
  const place = random.chance(0.5) ? high : random.int(low, high);
  const when = random.chance(0.6)
    ? life.nextStamp(world.entries, world.wall)
    : Math.floor(
        ((world.entries[place - 1]?.when ?? world.wall - 5e9) + (world.entries[place]?.when ?? world.wall)) / 2,
      );
  world.entries.splice(place, 0, { idx: place, version: '7', when, tag: migration.tag, breakpoints: true });
  world.changed();
  return `${migration.tag} at ${place} with when ${when}`;
}

function doubleEntry(life) {
  const { random, world } = life;
  const migration = pickListed(life);
  if (!migration) return null;
  const copy = { ...entryOf(world, migration) };
  if (random.chance(0.5)) copy.when += random.int(1, 5e6);
  const first = world.entries.findIndex((entry) => entry?.tag === migration.tag);
  world.entries.splice(random.int(first + 1, world.entries.length), 0, copy);
  world.changed();
  return `${migration.tag} again with when ${copy.when}`;
}

function swapEntries(life) {
  const { random, world } = life;
  if (!world.isReadable || world.entries.length < 2) return null;
  const i = random.int(0, world.entries.length - 2);
  const [a, b] = [world.byTag(world.entries[i]?.tag), world.byTag(world.entries[i + 1]?.tag)];
  if (!a || !b || a === b || b.needs.includes(a)) return null;
  [world.entries[i], world.entries[i + 1]] = [world.entries[i + 1], world.entries[i]];
  world.changed();
  return `${a.tag} and ${b.tag}`;
}

function restamp(life) {
  const { random, world } = life;
  const migration = pickListed(life);
  if (!migration) return null;
  const entry = entryOf(world, migration);
  const old = entry.when;
  entry.when = random.pick([
    world.wall,
    old + random.int(1, 5e8),
    old - random.int(1, 5e8),
    Math.floor(old / 1e5) * 1e5,
  ]);
  world.changed();
  return `${migration.tag} from ${old} to ${entry.when}`;
}

/** Stamps typed by hand, two the same: the second never runs where the first has run before it. */
function sameStamp(life) {
  const { random, world } = life;
  if (!world.isReadable || world.entries.length < 2) return null;
  const i = random.chance(0.6) ? world.entries.length - 1 : random.int(1, world.entries.length - 1);
  const [before, entry] = [world.entries[i - 1], world.entries[i]];
  if (!Number.isSafeInteger(before?.when) || !entry?.tag) return null;
  entry.when = before.when;
  world.changed();
  return `${entry.tag} has that of ${before.tag}, ${entry.when}`;
}

function renumber({ world, random }) {
  if (!world.isReadable || world.entries.length === 0) return null;
  const entry = random.pick(world.entries);
  if (!entry) return null;
  entry.idx = random.pick([entry.idx + 1, 0, entry.idx + 10, undefined, String(entry.idx), 1.5]);
  world.changed();
  return `${entry.tag} has idx ${entry.idx}`;
}

function oddEntry({ world, random }) {
  if (!world.isReadable) return null;
  const odd = random.pick([
    {},
    { idx: 3, version: '7', when: 5 },
    { idx: 3, version: '7', when: world.wall, tag: '../up', breakpoints: true },
    { idx: 1, version: '7', when: world.wall, tag: '0077_never_written', breakpoints: true },
  ]);
  world.entries.splice(random.int(0, world.entries.length), 0, odd);
  world.changed();
  return JSON.stringify(odd);
}

// ---- the files ----

function edit(life, fits = () => true) {
  const { random, world } = life;
  const list = world.migrations.filter(
    (migration) => world.isOnDisk(migration) && migration.isPlain && fits(migration),
  );
  if (list.length === 0) return null;
  const migration = random.pick(list);
  const text = world.files.get(migration.file);
  world.files.set(
    migration.file,
    random.pick([
      `${text}\n-- reviewed ${world.story.length}\n`,
      text.replace(/note (text|varchar\(9\))/, `note varchar(${world.story.length + 10})`),
      `-- squashed ${world.story.length}\n${text}`,
    ]),
  );
  return migration.tag;
}

/** What ran through a consistent journal while it was not listed is edited, journaled, or both. */
function afterConsistent(life) {
  const { random, world } = life;
  const isOurs = (migration) => life.ranConsistent.has(migration) && !world.isListed(migration);
  const edited = random.chance(0.7) ? edit(life, isOurs) : null;
  const listed = random.chance(0.5) ? listLater(life, isOurs) : null;
  return [edited && `edited ${edited}`, listed && `listed ${listed}`].filter(Boolean).join(', ') || null;
}

/** The incident and its cure, told in full: entries are lost, the consistent journal runs what they named, and then somebody
 * goes on with those files as if nothing had happened. */
async function cureAndChange(life) {
  const { random, world } = life;
  if (world.sites.length === 0) return null;
  if (random.chance(0.6)) life.generate(random.int(1, 2));
  const lost = random.chance(0.7) ? loseLastEntries(life) : loseEntry(life);
  if (!lost) return null;
  await life.deployConsistent(random.pick(world.sites));
  if (random.chance(0.4)) life.generate(1);
  const changed = afterConsistent(life);
  return `lost ${lost}, deployed, and ${changed ?? 'nothing'}`;
}

function turnLineEnds({ random, world }) {
  const list = world.migrations.filter((migration) => world.isOnDisk(migration));
  if (list.length === 0) return null;
  const chosen = random.chance(0.5) ? list : random.some(list, random.int(1, list.length));
  const toCrlf = random.chance(0.7);
  for (const migration of chosen) {
    const text = world.files.get(migration.file).replaceAll('\r\n', '\n');
    world.files.set(migration.file, toCrlf ? text.replaceAll('\n', '\r\n') : text);
  }
  return `${chosen.length} files to ${toCrlf ? 'CRLF' : 'LF'}`;
}

function removeFile(life) {
  const { random, world } = life;
  const migration = pickListed(
    life,
    (candidate) =>
      world.dependents(candidate).length === 0 &&
      !life.branch?.migrations.some(({ needs }) => needs.includes(candidate)),
  );
  if (!migration) return null;
  world.files.delete(migration.file);
  const withEntry = random.chance(0.4);
  if (withEntry) world.entries = world.entries.filter((entry) => entry?.tag !== migration.tag);
  world.changed();
  return `${migration.tag}${withEntry ? ' with its entry' : ''}`;
}

function renameFile(life) {
  const { random, world } = life;
  const migration = pickListed(life, (candidate) => isTypedIn(candidate) && candidate.isPlain);
  if (!migration) return null;
  const text = world.files.get(migration.file);
  world.files.delete(migration.file);
  const old = migration.tag;
  migration.tag += random.pick(['_v2', '_renamed']);
  world.files.set(migration.file, text);
  const inJournal = random.chance(0.5);
  if (inJournal) for (const entry of world.entries) if (entry?.tag === old) entry.tag = migration.tag;
  world.changed();
  for (const rule of world.rules) if (rule.glob === old) rule.glob = migration.tag;
  return `${old} is now ${migration.tag}${inJournal ? ', in the journal too' : ''}`;
}

function strayFile({ random, world }) {
  const number = String(random.int(0, 30)).padStart(4, '0');
  const name = random.pick([
    'seed.sql',
    'README.sql',
    `${number}_x.down.sql`,
    `${number}_x_down.sql`,
    `${number}_y_rollback.sql`,
    `${number}_y.rollback.sql`,
    `${number}_z.undo.sql`,
    `${number}_z.revert.sql`,
    'old/0000_inside.sql',
    'notes.txt',
    'meta/_notes.txt',
    '_draft.sql',
  ]);
  world.files.set(name, "insert into ran (mark) values ('stray'); select 1/0;\n");
  world.strays.set(name, 'no migration');
  return name;
}

function leftover(life) {
  const { random, world } = life;
  const migration = pickListed(life, isTypedIn);
  if (!migration) return null;
  const prefix = migration.tag.split('_')[0];
  const isCopy = random.chance(0.5);
  const name = isCopy
    ? random.pick([
        `${migration.tag} 2.sql`,
        `${String(random.int(50, 90)).padStart(4, '0')}_copy.sql`,
        `${migration.tag}_backup.sql`,
      ])
    : `${prefix}_older_draft.sql`;
  world.files.set(name, isCopy ? world.files.get(migration.file) : `${migration.sql}\n-- draft`);
  world.strays.set(name, 'leftover');
  return `${name} beside ${migration.tag}`;
}

// ---- the rules ----

function exclude(life) {
  const { random, world } = life;
  const migration = pickListed(
    life,
    (candidate) =>
      world.dependents(candidate).length === 0 &&
      !life.branch?.migrations.some(({ needs }) => needs.includes(candidate)),
  );
  if (!migration || world.rules.some(({ glob }) => glob === migration.tag)) return null;
  world.rules.push({ verb: 'exclude', glob: random.chance(0.5) ? migration.tag : `${migration.tag.slice(0, -1)}?` });
  const kinds = classify(world);
  const others = world.migrations.filter((other) => other !== migration && kinds.get(other.tag) === 'excluded');
  if (others.length > 0) world.rules.at(-1).glob = migration.tag;
  migration.isPlain = false; // nothing made later may need it
  return migration.tag;
}

async function ranByHand(life) {
  const { random, world } = life;
  const site = ledgers.pickSite(life);
  const list = site
    ? world.migrations.filter(
        (migration) =>
          migration.isPlain &&
          world.isOnDisk(migration) &&
          !site.ran.has(migration) &&
          migration.needs.every((needed) => site.ran.has(needed)),
      )
    : [];
  if (list.length === 0) return null;
  const migration = random.pick(list);
  await site.database.query(migration.sql);
  site.ran.add(migration);
  world.rules.push({ verb: 'applied', glob: migration.tag, site });
  return `${migration.tag} in ${site.name}, with a rule`;
}

// ---- the journal as a whole ----

function loseJournal(life, text) {
  const { world } = life;
  if (life.style === 'none' || !world.isReadable) return null;
  for (const [name, what] of world.strays) if (what === 'leftover') world.files.delete(name);
  return text();
}

const emptyJournal = (life) =>
  loseJournal(life, () => {
    life.world.entries = [];
    life.world.changed();
    return 'no entries';
  });

const noJournal = (life) =>
  loseJournal(life, () => {
    Object.assign(life.world, { isReadable: false, raw: null, entries: [] });
    return 'gone';
  });

const brokenJournal = (life) =>
  loseJournal(life, () => {
    const { random, world } = life;
    const good = world.journal;
    const bad = random.pick([
      `\ufeff${good}`,
      good.replace(/\}\s*\]/, (end) => end.replace('}', '},')),
      good.slice(0, -3),
      '',
    ]);
    try {
      JSON.parse(bad);
      return null;
    } catch {
      Object.assign(world, { isReadable: false, raw: bad, entries: [] });
      return JSON.stringify(bad.slice(0, 20));
    }
  });

/** Each side of the merge has one of the last two entries; the consistent journal has both. */
function conflictMarkers(life) {
  const { world } = life;
  if (!world.isReadable || world.raw !== null || world.entries.length < 2) return null;
  const tags = world.entries.map((entry) => entry?.tag);
  if (tags.some((tag) => typeof tag !== 'string') || new Set(tags).size !== tags.length) return null;
  const [ours, theirs] = [world.entries.slice(0, -1), [...world.entries.slice(0, -2), world.entries.at(-1)]].map((side) =>
    world.textOf(side),
  );
  world.raw = `<<<<<<< HEAD\n${ours}\n=======\n${theirs}\n>>>>>>> feature\n`;
  world.isConflicted = true;
  return `around ${tags.slice(-2).join(' and ')}`;
}

/** `[weight, kind, event]`. The first list may happen at any time, the second only at the end. */
export const MENDING_EVENTS = [
  [4, 'entry lost', loseEntry],
  [3, 'last entries lost', loseLastEntries],
  [2, 'listed later', listLater],
  [1, 'entry doubled', doubleEntry],
  [1.5, 'entries out of order', swapEntries],
  [1.5, 'stamp changed by hand', restamp],
  [1, 'two equal stamps', sameStamp],
  [1, 'idx changed by hand', renumber],
  [0.4, 'odd entry', oddEntry],
  [3, 'file edited', edit],
  [1, 'changed after a consistent deploy', afterConsistent],
  [4, 'cured and changed', cureAndChange],
  [1.5, 'line ends', turnLineEnds],
  [1.2, 'file removed', removeFile],
  [0.8, 'file renamed', renameFile],
  [1.5, 'no migration', strayFile],
  [1.5, 'leftover', leftover],
  [0.6, 'rule exclude', exclude],
  [0.8, 'ran by hand', ranByHand],
  [0.8, 'row deleted', ledgers.deleteRow],
  [2, 'row repaired by hand', ledgers.repairByHand],
  [1.5, 'stamp of a row', ledgers.stampOfARow],
  [1.5, 'foreign row', ledgers.foreignRow],
  [0.6, 'row doubled', ledgers.doubleRow],
  [0.8, 'name for hash', ledgers.nameForHash],
  [0.6, 'v1 ledger', ledgers.toV1],
  [0.8, 'ids shuffled', ledgers.shuffleIds],
  [1.5, 'passed and edited', ledgers.passedAndEdited],
  [1.5, 'squash', history.squash],
  [0.8, 'file renumbered', history.renumberFile],
  [1, 'marks that collide', history.collidingMarks],
];

export const FINAL_EVENTS = [
  [1, 'journal empty', emptyJournal],
  [1, 'journal missing', noJournal],
  [2, 'journal unreadable', brokenJournal],
  [2, 'conflict markers', conflictMarkers],
  [2, 'two entries fused', history.fusedEntry],
  [3, 'published files renamed and edited', history.renamedAndEdited],
  [0.7, 'null created_at', ledgers.nullStamp],
  [0.5, 'endless created_at', ledgers.endlessStamp],
];

/** Where none of these happens: what is deployed or mended behind it would take it back in nearly all histories. */
export const LAST_EVENTS = [[1, 'passed and edited at last', ledgers.passedAndEdited]];
