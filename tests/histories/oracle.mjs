// What must come out, decided from the truth of the history and not by the code under test. It knows the folder, who
// ran what, and the watermarks as PostgreSQL gives them.

import crypto from 'node:crypto';

const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const lf = (text) => text.replaceAll('\r\n', '\n');
const crlf = (text) => lf(text).replaceAll('\n', '\r\n');

/** What a new timestamp for this tag bears: milliseconds, and the seconds it leaves out. */
export function markOf(tag) {
  const number = crypto.createHash('sha256').update(tag).digest().readUInt32BE(0);
  return { milliseconds: 1 + (number % 999), seconds: Math.floor(number / 999) % 60 };
}

/** Whether this timestamp is one made for the tag: above the second of one of `stamps`, or from 1970 on. */
export function isMarked(tag, when, stamps) {
  const { milliseconds, seconds } = markOf(tag);
  const second = Math.floor(when / 1000) - 1 - seconds;
  return when % 1000 === milliseconds && (second === 0 || [...stamps].some((stamp) => Math.floor(stamp / 1000) === second));
}

const markedAbove = (tag, base) => {
  const { milliseconds, seconds } = markOf(tag);
  return (Math.floor(base / 1000) + 1 + seconds) * 1000 + milliseconds;
};

/** The highest that is counted from the second of a row, or from 0, and is not above `upper`; else `upper`. */
const highestMarked = (tag, upper, rows) => {
  const seconds = [0, ...rows.filter((row) => row.created_at !== null).map((row) => Number(row.created_at))];
  const marked = seconds.map((at) => markedAbove(tag, at)).filter((at) => at <= upper);
  return marked.length > 0 ? Math.max(...marked) : upper;
};

/** The number a name begins with, or null. */
export function numberOf(tag) {
  const match = /^(\d+)_/.exec(tag);
  return match && BigInt(match[1]);
}

/** The second, counted from 1970, that a name of drizzle-kit begins with, or null. */
function secondOf(tag) {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/.exec(tag) ?? [];
  if (parts.length > 0) return Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2)) / 1000;
  return /^\d{10}_/.test(tag) ? Number(tag.slice(0, 10)) : null;
}

/** By number, then by name; names without a number come last. */
export function compareTags(a, b) {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== y) return x === null ? 1 : y === null ? -1 : x < y ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function fits(glob, tag) {
  const pattern = new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'su',
  );
  return pattern.test(tag) || pattern.test(`${tag}.sql`);
}

const AS_DOWN = /(\.down|_down|\.rollback|_rollback|\.undo|\.revert)$/;

const isRebuilt = (world) => !world.isReadable && world.journal !== undefined;

/** What each SQL file right in the folder is, before a row says more: tag → "counts", "held", "excluded". Where the journal is there and cannot
 * be read, what has run stands for what was listed: `ran`, tags. */
export function classify(world, ran = world.sites.flatMap((site) => [...site.ran].map(({ tag }) => tag))) {
  const tags = [...world.files.keys()].filter((name) => /^[^/]+\.sql$/.test(name)).map((name) => name.slice(0, -4));
  const listed = new Set(isRebuilt(world) ? ran : world.isReadable ? world.split.map((entry) => entry?.tag) : []);
  const decision = (tag) => world.rules.find(({ verb, glob }) => /clude$/.test(verb) && fits(glob, tag))?.verb;
  const kinds = new Map();
  const settled = tags.filter((tag) => listed.has(tag) && decision(tag) !== 'exclude');
  const bytes = new Set(settled.map((tag) => world.files.get(`${tag}.sql`)));
  const gone = [...listed].filter((tag) => typeof tag === 'string' && !tags.includes(tag) && decision(tag) !== 'exclude');
  const numbers = new Set([...settled, ...gone].map(numberOf).filter((number) => number !== null));
  for (const tag of tags) {
    const rule = decision(tag);
    kinds.set(
      tag,
      rule
        ? rule === 'exclude'
          ? 'excluded'
          : 'counts'
        : listed.has(tag)
          ? 'counts'
          : numberOf(tag) === null || AS_DOWN.test(tag)
            ? 'excluded'
            : bytes.has(world.files.get(`${tag}.sql`)) || numbers.has(numberOf(tag))
              ? 'held'
              : 'counts',
    );
  }
  return kinds;
}

/** A row shows that it ran: what has one in each database with rows is a migration; what has none and the text of an unlisted file that has
 * one is a copy. `told`: site → tag → rule; `busy`: the sites with rows. */
function settle(world, kinds, told, busy) {
  const settled = new Map(kinds);
  const listed = new Set(world.split.map((entry) => entry?.tag));
  const hasRow = (site, tag) => told.get(site).has(tag) && told.get(site).get(tag) !== 'a rule';
  for (const [tag, kind] of kinds)
    if (kind === 'held' && busy.length > 0 && busy.every((site) => hasRow(site, tag))) settled.set(tag, 'counts');
  const has = (tag) => [...told.values()].some((seen) => seen.has(tag));
  const ruled = (tag) => world.rules.some(({ verb, glob }) => /clude$/.test(verb) && fits(glob, tag));
  const text = (tag) => world.files.get(`${tag}.sql`);
  const ran = new Set([...settled.keys()].filter((tag) => settled.get(tag) === 'counts' && !listed.has(tag) && has(tag)).map(text));
  for (const [tag, kind] of settled)
    if (kind === 'counts' && !listed.has(tag) && !ruled(tag) && !has(tag) && ran.has(text(tag))) settled.set(tag, 'held');
  return settled;
}

/** A file that is held by the number of an entry whose file is gone: without the entry nothing would hold it. */
function undecided(world, kinds) {
  const gone = world.split.map((entry) => entry?.tag).filter((tag) => typeof tag === 'string' && !world.files.has(`${tag}.sql`));
  const numbers = new Set(gone.map(numberOf).filter((number) => number !== null));
  const here = new Set(world.split.map((entry) => entry?.tag).filter((tag) => kinds.get(tag) === 'counts'));
  const texts = new Set([...here].map((tag) => world.files.get(`${tag}.sql`)));
  const taken = new Set([...here].map(numberOf));
  return [...kinds].find(
    ([tag, kind]) => kind === 'held' && numbers.has(numberOf(tag)) && !taken.has(numberOf(tag)) && !texts.has(world.files.get(`${tag}.sql`)),
  )?.[0];
}

/** Who each row would be taken for by the documented rules, tried one after the other: tag → rule. Where this is not the truth, the
 * folder and the ledgers no longer hold what happened, and no program could know. */
function recognise(world, site, rows, entries, kinds, allStamps) {
  const first = new Map();
  for (const entry of entries === world.entries ? world.split : entries) if (typeof entry?.tag === 'string' && !first.has(entry.tag)) first.set(entry.tag, entry);
  const rank = (tag) => (kinds.get(tag) === 'counts' || !kinds.has(tag) ? (first.has(tag) ? 0 : 1) : 2);
  const place = [...first.keys()];
  const tags = [...new Set([...kinds.keys(), ...place])].sort(
    (a, b) => rank(a) - rank(b) || (rank(a) === 0 ? place.indexOf(a) - place.indexOf(b) : compareTags(a, b)),
  );
  const seconds = new Set([0, ...allStamps.map((other) => Math.floor(other / 1000))]);
  const stamp = (row) => (row.created_at === null ? null : Number(row.created_at));
  const text = (tag) => world.files.get(`${tag}.sql`);
  const same = (tag, form, row) => text(tag) !== undefined && sha256(form(text(tag))) === row.hash;
  const newest = rows.reduce((highest, row) => Math.max(highest, stamp(row)), -Infinity);
  const wouldRun = (tag) => entries.some((entry) => entry?.tag === tag && (rows.length === 0 || newest < entry.when));
  const isMarked = (tag, row) =>
    kinds.get(tag) === 'counts' &&
    stamp(row) !== null &&
    ((stamp(row) % 1000) + 1000) % 1000 === markOf(tag).milliseconds &&
    seconds.has(Math.floor(stamp(row) / 1000) - 1 - markOf(tag).seconds);
  const isOfSecond = (tag, row) =>
    kinds.get(tag) === 'counts' && stamp(row) !== null && secondOf(tag) === Math.floor(stamp(row) / 1000);
  const turnOf = (tag) => (text(tag) === undefined ? 2 : kinds.get(tag) === 'counts' ? 0 : 1);
  const rules = [
    ['name in a v1 ledger', (tag, row) => row.name === tag],
    ['hash and stamp', (tag, row) => same(tag, String, row) && stamp(row) === first.get(tag)?.when],
    ['hash', (tag, row) => same(tag, String, row)],
    ['hash but for line ends', (tag, row) => same(tag, lf, row) || same(tag, crlf, row)],
    ['name for hash', (tag, row) => row.hash === tag || row.hash === `${tag}.sql`],
    ['stamp', (tag, row) => stamp(row) !== null && stamp(row) === first.get(tag)?.when],
    ['second', isOfSecond],
  ];
  // Files that count come first, then leftovers, then entries whose file is gone; and after all of them the marks.
  const turns = [0, 1, 2].flatMap((turn) => rules.map(([name, rule]) => [turn, name, rule]));
  const byStamp = [...rows].sort((a, b) => stamp(a) - stamp(b) || a.id - b.id);
  const taken = new Map();
  const used = new Set();
  for (const [turn, name, rule] of turns)
    for (const tag of tags) {
      if (taken.has(tag) || turnOf(tag) !== turn) continue;
      const row = byStamp.find((candidate) => !used.has(candidate) && rule(tag, candidate));
      if (row) {
        taken.set(tag, name);
        used.add(row);
      }
    }
  // By its mark a row is recognized only where no two could claim it, and nothing that the stock runner would run is kept from it.
  const open = tags.filter((tag) => !taken.has(tag) && turnOf(tag) === 0 && !wouldRun(tag));
  taken.contested = new Set();
  for (const row of byStamp) {
    const claimants = used.has(row) ? [] : open.filter((tag) => isMarked(tag, row));
    const ruled = claimants.filter((tag) => isAppliedByRule(world, site, tag));
    const [tag] = claimants.length === 1 ? claimants : ruled.length === 1 ? ruled : [];
    if (tag === undefined) for (const claimant of claimants) taken.contested.add(claimant);
    if (tag === undefined || taken.has(tag)) continue;
    taken.set(tag, 'mark');
    used.add(row);
  }
  taken.rows = used.size;
  taken.left = rows.filter((row) => !used.has(row) && !tags.some((tag) => same(tag, String, row)));
  for (const tag of kinds.keys())
    if (!taken.has(tag) && isAppliedByRule(world, site, tag)) taken.set(tag, 'a rule');
  taken.contested = [...taken.contested].filter((tag) => !taken.has(tag));
  return taken;
}

/** Where what the rules tell of this site is not the truth: `[migration, 'ran' | 'looks run']`. Which of several files with the same text
 * ran cannot be known and makes no difference, so for those it is the number that counts; `renamed` gets what to call them from now on. */
function findLost(world, site, candidates, told, renamed) {
  const text = (migration) => lf(world.files.get(migration.file) ?? migration.sql);
  const lost = [];
  for (const migration of candidates) {
    if (told.has(migration.tag) === site.ran.has(migration)) continue;
    const same = world.migrations.filter((other) => text(other) === text(migration));
    const ran = same.filter((other) => site.ran.has(other));
    const seen = same.filter((other) => told.has(other.tag));
    if (ran.length === seen.length) renamed.push([site, ran, seen]);
    else lost.push([migration, site.ran.has(migration) ? 'ran' : 'looks run']);
  }
  return lost;
}

/** From here on, the truth has the names that the view gives to files with the same text. */
export function rename(expected) {
  for (const [site, ran, seen] of expected.renamed) {
    for (const migration of ran) site.ran.delete(migration);
    for (const migration of seen) site.ran.add(migration);
  }
}

/** A `when` that all who read it take for a timestamp, or null. */
function stampOf(entry) {
  const when = entry?.when;
  const number = typeof when === 'string' && /^\s*[+-]?\d+\s*$/.test(when) ? Number(when) : when;
  return Number.isSafeInteger(number) ? number : null;
}

/** drizzle-kit would overwrite the snapshot that has the number of the last entry plus 1. */
const isToOverwrite = (world, entries) =>
  world.files.has(`meta/${String(entries.at(-1).idx + 1).padStart(4, '0')}_snapshot.json`);

function isAppliedByRule(world, site, tag) {
  return world.rules.some(
    ({ verb, glob, site: only }) => verb === 'applied' && fits(glob, tag) && (!only || only === site),
  );
}

/** Everything that must hold for the view of this world with these databases attached, or for the own journals of some of them. Where the folder and the ledgers no longer
 * show what ran (`lost`), it goes by what they do show: that much any program can know. */
export async function expect(world, attached, sites = attached) {
  const entries = world.isReadable ? world.entries : [];
  const ledgers = new Map();
  for (const site of attached) ledgers.set(site, await site.database.rows());
  const split = world.isReadable ? world.split : [];
  const stamps = [
    ...split.map((entry) => Number(entry?.when)),
    ...[...ledgers.values()].flat().map((row) => Number(row.created_at)),
  ].filter(Number.isFinite);
  const recogniseAll = (kinds) =>
    new Map(attached.map((site) => [site, recognise(world, site, ledgers.get(site), entries, kinds, stamps)]));

  let kinds = classify(world, []);
  const told = recogniseAll(kinds);
  const busy = attached.filter((site) => ledgers.get(site).length > 0);
  kinds = isRebuilt(world)
    ? classify(
        world,
        [...told.values()].flatMap((seen) => [...seen.keys()]),
      )
    : settle(world, kinds, told, busy);
  const counted = world.migrations.filter((migration) => kinds.get(migration.tag) === 'counts');
  const candidates = world.migrations.filter(
    (migration) => world.isOnDisk(migration) && (isRebuilt(world) ? kinds.get(migration.tag) !== 'excluded' : counted.includes(migration)),
  );

  const has = new Map();
  const watermark = new Map();
  const lost = new Map(); // site → what no program could know, since folder and ledgers no longer hold what happened
  const renamed = [];
  let refusal = null;
  for (const site of sites) {
    const seen = told.get(site);
    has.set(site, new Set(counted.filter(({ tag }) => seen.has(tag))));
    watermark.set(site, await site.database.watermark());
    const isNamed = world.rules.some(({ verb, site: only }) => /^(applied|foreign)$/.test(verb) && only === site);
    if (ledgers.get(site).length > 0 && seen.rows === 0 && !isNamed) refusal ??= { why: 'wrong database', site };
    else if (ledgers.get(site).some((row) => row.created_at === null)) refusal ??= { why: 'null created_at', site };
    else if (watermark.get(site) >= 2 ** 53 - 1) refusal ??= { why: 'watermark without an end', site };
    const found = findLost(world, site, candidates, seen, renamed);
    if (found.length > 0) lost.set(site, found);
  }

  // The window of each: above the watermark of all that lack it, not above that of any that has it.
  const windows = new Map();
  for (const migration of counted) {
    const window = { lower: -Infinity, upper: Infinity };
    for (const site of sites)
      if (has.get(site).has(migration)) window.upper = Math.min(window.upper, watermark.get(site) ?? -Infinity);
      else window.lower = Math.max(window.lower, watermark.get(site) ?? -Infinity);
    windows.set(migration, window);
    if (window.lower >= window.upper) refusal ??= { why: 'conflict', migration };
  }
  // Rebuilt only where rows show all of it.
  const isCertain = () =>
    world.journal.trim() !== '' &&
    sites.length > 0 &&
    sites.every((site) => told.get(site).left.length === 0) &&
    counted.every(({ tag }) => sites.some((site) => told.get(site).has(tag) && told.get(site).get(tag) !== 'a rule'));
  if (isRebuilt(world) && !isCertain()) refusal ??= { why: 'unreadable journal' };
  // Drizzle may find what is not followed here: a journal without it could lose it.
  const isExcluded = (tag) => world.rules.some(({ verb, glob }) => verb === 'exclude' && fits(glob, tag));
  if (split.some((entry) => typeof entry?.tag === 'string' && entry.tag.includes('/') && !isExcluded(entry.tag)))
    refusal ??= { why: 'a file that is not followed' };
  if (!isRebuilt(world) && undecided(world, kinds) !== undefined) refusal ??= { why: 'undecided', file: undecided(world, kinds) };

  return {
    kinds,
    entries,
    split,
    rows: ledgers,
    counted,
    has,
    watermark,
    windows,
    // Whatever is on disk was deployed somewhere, entries that are dropped and doubled too; those of the far future are mistakes.
    published: split.map((entry) => stampOf(entry)).filter((when) => when !== null && when < Date.UTC(2100, 0)),
    told,
    stamps: new Set(stamps),
    ledgers,
    lost,
    renamed,
    refusal,
    sites,
    orderLost: orderLost(world, sites, counted, entries, lost),
  };
}

/** Why the place of an unlisted migration among the others cannot be known, or null. Nothing but numbers tells what needs what: ids of
 * rows are in no order in real ledgers, and what has run nowhere has no row. */
function orderLost(world, sites, counted, entries, lost) {
  const listed = new Set(world.split.map((entry) => entry?.tag));
  const numbered = entries.filter((entry) => typeof entry?.tag === 'string' && numberOf(entry.tag) !== null);
  for (const migration of counted) {
    const needers = counted.filter((other) => other.needs.includes(migration));
    if (needers.length === 0 && migration.needs.length === 0) continue;
    if (needers.length > 0 && [...lost.values()].flat().some(([other]) => other === migration))
      return { why: 'no row shows what ran', migration };
    if (listed.has(migration.tag)) continue;
    // The file of an entry that is gone may have got another number, above that of what needs it.
    const gone = entries.findIndex((entry) => typeof entry?.tag === 'string' && !world.files.has(`${entry.tag}.sql`));
    const hasRun = sites.some((site) => site.ran.has(migration));
    if (gone !== -1 && !hasRun && needers.some((other) => entries.findIndex((entry) => entry?.tag === other.tag) > gone))
      return { why: 'a file may have been renamed to another number', migration };
    if (sites.length === 0 && needers.some((other) => listed.has(other.tag)))
      return { why: 'no database, and a listed migration needs an unlisted one', migration };
    const number = numberOf(migration.tag);
    const above = numbered.findIndex((entry) => numberOf(entry.tag) > number);
    const below = numbered.findLastIndex((entry) => numberOf(entry.tag) < number);
    if (above !== -1 && above < below)
      return { why: 'the journal is not in the order of its numbers', migration };
  }
  return null;
}

/** True when the journal on disk is already one that may be served as it is; by `--idx=position` that takes idx 0, 1, 2, …. */
export function isConsistent(world, expected, byPosition) {
  const { entries, windows, sites, kinds } = expected;
  if (!world.isReadable || world.isConflicted || world.fused || expected.refusal) return false;
  const tags = entries.map((entry) => entry?.tag);
  if (new Set(tags).size !== tags.length || tags.some((tag) => kinds.get(tag) !== 'counts')) return false;
  if (expected.counted.length !== tags.length) return false;
  if (!byPosition && entries.length > 0 && isToOverwrite(world, entries)) return false;
  let lower = -Infinity;
  let idx = -1;
  for (const entry of entries) {
    const window = windows.get(world.byTag(entry.tag));
    if (!Number.isSafeInteger(entry.idx) || (byPosition ? entry.idx !== idx + 1 : entry.idx <= idx)) return false;
    idx = entry.idx;
    if (sites.length === 0) continue;
    if (!(window.lower < entry.when && entry.when <= window.upper) || window.lower < lower) return false;
    lower = window.lower;
  }
  return true;
}

/** What is wrong with the shape of a served journal: a list of sentences. */
export function judgeShape(world, expected, text) {
  const wrong = [];
  let served;
  try {
    served = JSON.parse(text);
  } catch (error) {
    return [`it is not JSON: ${error.message}`];
  }
  const { windows, sites } = expected;
  const tags = served.entries.map((entry) => entry.tag);
  for (const tag of tags) if (!world.files.has(`${tag}.sql`)) wrong.push(`entry ${tag} has no file`);
  for (const tag of tags.filter((tag, i) => tags.indexOf(tag) !== i)) wrong.push(`entry ${tag} stands twice`);
  for (const { tag } of expected.counted) if (!tags.includes(tag)) wrong.push(`${tag} has no entry`);
  for (const tag of tags)
    if (expected.kinds.get(tag) !== 'counts') wrong.push(`${tag} has an entry and is ${expected.kinds.get(tag)}`);
  served.entries.forEach((entry, i) => {
    if (!Number.isSafeInteger(entry.idx)) wrong.push(`idx ${entry.idx} of ${entry.tag} is not a whole number`);
    if (!Number.isSafeInteger(entry.when)) wrong.push(`when ${entry.when} of ${entry.tag} is not a whole number`);
    if (i > 0 && entry.idx <= served.entries[i - 1].idx)
      wrong.push(`idx ${entry.idx} of ${entry.tag} does not increase`);
  });
  if (wrong.length > 0) return wrong;

  if (world.isReadable)
    for (const [key, value] of Object.entries(world.top))
      if (JSON.stringify(served[key]) !== JSON.stringify(value)) wrong.push(`key ${key} of the journal has changed`);
  const kept = new Map();
  for (const entry of expected.split)
    if (entry?.tag !== undefined && !kept.has(entry.tag)) kept.set(entry.tag, entry);
  const positions = [...kept.keys()];
  let highest = -Infinity; // of the entries so far
  served.entries.forEach((entry, i) => {
    const window = windows.get(world.byTag(entry.tag));
    const old = kept.get(entry.tag);
    if (old) {
      const [a, b] = [old, entry].map(({ idx, when, ...rest }) => JSON.stringify(rest));
      if (a !== b && entry.tag !== world.fused?.tag) wrong.push(`${entry.tag}: ${a} has become ${b}`);
      // A published timestamp changes only where an attached database needs that.
      const published = stampOf(old);
      if (published !== null && entry.when !== published && window.lower < published && published <= window.upper)
        wrong.push(`${entry.tag}: when ${published} was right and has become ${entry.when}`);
      for (const before of served.entries.slice(0, i))
        if (kept.has(before.tag) && positions.indexOf(before.tag) > positions.indexOf(entry.tag)) {
          const { lower } = windows.get(world.byTag(before.tag));
          if (lower >= window.lower) wrong.push(`${before.tag} has come to stand before ${entry.tag} for no reason`);
        }
    }
    // A new one bears its tag's mark and lies above all that is published, wherever there is room for that.
    const hasRun = sites.some((site) => expected.has.get(site).has(world.byTag(entry.tag)));
    const base = Math.max(highest, window.lower, ...(hasRun ? [] : expected.published));
    const made = markedAbove(entry.tag, base === -Infinity ? 0 : base);
    const isNew = entry.when !== stampOf(old) && !expected.stamps.has(entry.when);
    const hasNoneBelow = base === -Infinity && window.upper < Infinity; // then as high as it can be
    if (isNew && !hasNoneBelow && made <= window.upper && entry.when !== made)
      wrong.push(`new stamp ${entry.when} of ${entry.tag} should be ${made}`);
    if (isNew && !hasRun && window.upper === Infinity && expected.published.some((when) => when >= entry.when))
      wrong.push(`a database that is not attached and has run what is published would pass over ${entry.tag}`);
    if (isNew && hasNoneBelow && entry.when !== highestMarked(entry.tag, window.upper, sites.flatMap((site) => expected.ledgers.get(site)))) wrong.push(`new stamp ${entry.when} of ${entry.tag} could be higher`);
    highest = Math.max(highest, entry.when);
  });
  return wrong;
}

/** What is wrong with this journal for one database, going by the runner's one test: a list of sentences. */
export function judgeRun(world, expected, site, text) {
  const wrong = [];
  const { entries } = JSON.parse(text);
  const watermark = expected.watermark.get(site);
  const done = new Set([...site.ran].filter((migration) => !expected.counted.includes(migration)));
  for (const migration of expected.has.get(site)) done.add(migration);
  const runs = entries
    .filter(({ when }) => watermark === undefined || watermark < when)
    .map(({ tag }) => world.byTag(tag));
  for (const migration of runs) {
    if (!migration) continue;
    if (done.has(migration)) wrong.push(`${site.name}: ${migration.tag} runs again`);
    for (const needed of migration.needs)
      if (!done.has(needed)) wrong.push(`${site.name}: ${migration.tag} runs before ${needed.tag}, which it needs`);
    done.add(migration);
  }
  for (const migration of expected.counted)
    if (!done.has(migration)) wrong.push(`${site.name}: ${migration.tag} never runs`);
  return wrong;
}
