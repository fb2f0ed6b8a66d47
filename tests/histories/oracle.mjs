// What must come out, decided from the truth of the history and not by the code under test. It knows the folder, who
// ran what, and the watermarks as PostgreSQL gives them.

import crypto from 'node:crypto';

const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const lf = (text) => text.replaceAll('\r\n', '\n');
const crlf = (text) => lf(text).replaceAll('\n', '\r\n');

export function markOf(tag) {
  return 1 + (crypto.createHash('sha256').update(tag).digest().readUInt32BE(0) % 999);
}

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

/** What each SQL file right in the folder is: tag → "counts", "held", "excluded", or "unclear" where people did not say. Where the journal
 * is there and cannot be read, what has run stands for what was listed: `ran`, tags. */
export function classify(world, ran = world.sites.flatMap((site) => [...site.ran].map(({ tag }) => tag))) {
  const tags = [...world.files.keys()].filter((name) => /^[^/]+\.sql$/.test(name)).map((name) => name.slice(0, -4));
  const listed = new Set(isRebuilt(world) ? ran : world.isReadable ? world.entries.map((entry) => entry?.tag) : []);
  const decision = (tag) => world.rules.find(({ verb, glob }) => verb !== 'applied' && fits(glob, tag))?.verb;
  const kinds = new Map();
  const settled = tags.filter((tag) => listed.has(tag) && decision(tag) !== 'exclude');
  const bytes = new Set(settled.map((tag) => world.files.get(`${tag}.sql`)));
  const numbers = new Set(settled.map(numberOf).filter((number) => number !== null));
  const ghosts = new Set([...listed].filter((tag) => typeof tag === 'string' && !settled.includes(tag)).map(numberOf));
  ghosts.delete(null);
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
              : ghosts.has(numberOf(tag))
                ? 'unclear' // its number is that of an entry without a file, or of one left out
                : 'counts',
    );
  }
  return kinds;
}

/** Who each row would be taken for by the documented rules, tried one after the other: tag → rule. Where this is not the truth, the
 * folder and the ledgers no longer hold what happened, and no program could know. */
function recognise(world, site, rows, entries, kinds, allStamps) {
  const first = new Map();
  for (const entry of entries) if (typeof entry?.tag === 'string' && !first.has(entry.tag)) first.set(entry.tag, entry);
  const rank = (tag) => (kinds.get(tag) === 'counts' || !kinds.has(tag) ? (first.has(tag) ? 0 : 1) : 2);
  const place = [...first.keys()];
  const tags = [...new Set([...kinds.keys(), ...place])].sort(
    (a, b) => rank(a) - rank(b) || (rank(a) === 0 ? place.indexOf(a) - place.indexOf(b) : compareTags(a, b)),
  );
  const seconds = new Set([0, ...allStamps.map((other) => Math.floor(other / 1000))]);
  const stamp = (row) => (row.created_at === null ? null : Number(row.created_at));
  const text = (tag) => world.files.get(`${tag}.sql`);
  const same = (tag, form, row) => text(tag) !== undefined && sha256(form(text(tag))) === row.hash;
  const isMarked = (tag, row) =>
    kinds.get(tag) === 'counts' &&
    stamp(row) % 1000 === markOf(tag) &&
    seconds.has(Math.floor(stamp(row) / 1000) - 1);
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
  for (const [turn, name, rule] of [...turns, [0, 'mark', isMarked]])
    for (const tag of tags) {
      if (taken.has(tag) || turnOf(tag) !== turn) continue;
      const row = byStamp.find((candidate) => !used.has(candidate) && rule(tag, candidate));
      if (row) {
        taken.set(tag, name);
        used.add(row);
      }
    }
  for (const tag of kinds.keys())
    if (!taken.has(tag) && isAppliedByRule(world, site, tag)) taken.set(tag, 'a rule');
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
  const stamps = [
    ...entries.map((entry) => Number(entry?.when)),
    ...[...ledgers.values()].flat().map((row) => Number(row.created_at)),
  ].filter(Number.isFinite);
  const recogniseAll = (kinds) =>
    new Map(attached.map((site) => [site, recognise(world, site, ledgers.get(site), entries, kinds, stamps)]));

  let kinds = classify(world, []);
  const told = recogniseAll(kinds);
  if (isRebuilt(world))
    kinds = classify(
      world,
      [...told.values()].flatMap((seen) => [...seen.keys()]),
    );
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
    if (ledgers.get(site).some((row) => row.created_at === null)) refusal ??= { why: 'null created_at', site };
    else if (watermark.get(site) >= 2 ** 53 - 1) refusal ??= { why: 'watermark without an end', site };
    const found = findLost(world, site, candidates, seen, renamed);
    if (found.length > 0) lost.set(site, found);
  }

  // The window of each: above the watermark of all that lack it, not above that of any that has it.
  const windows = new Map();
  for (const migration of counted) {
    const window = { lower: -Infinity, upper: Infinity, isAnyOrder: sites.length > 0 };
    for (const site of sites)
      if (has.get(site).has(migration)) window.upper = Math.min(window.upper, watermark.get(site) ?? -Infinity);
      else {
        window.lower = Math.max(window.lower, watermark.get(site) ?? -Infinity);
        window.isAnyOrder = false;
      }
    // With another stamp in the journal, nothing would tell its row any more.
    const isToldByStamp = sites.some((site) => told.get(site).get(migration.tag) === 'stamp');
    const when = entries.find((entry) => entry?.tag === migration.tag)?.when;
    if (isToldByStamp && window.lower < when && when <= window.upper) window.isAnyOrder = true;
    windows.set(migration, window);
    if (window.lower >= window.upper) refusal ??= { why: 'conflict', migration };
  }
  if (!world.isReadable && world.journal !== undefined && sites.length === 0) refusal ??= { why: 'unreadable journal' };

  return {
    kinds,
    entries,
    counted,
    has,
    watermark,
    windows,
    told,
    stamps: new Set(stamps),
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
  const listed = new Set(entries.map((entry) => entry?.tag));
  const numbered = entries.filter((entry) => typeof entry?.tag === 'string' && numberOf(entry.tag) !== null);
  for (const migration of counted) {
    const needers = counted.filter((other) => other.needs.includes(migration));
    if (needers.length === 0 && migration.needs.length === 0) continue;
    if (needers.length > 0 && [...lost.values()].flat().some(([other]) => other === migration))
      return { why: 'no row shows what ran', migration };
    if (listed.has(migration.tag)) continue;
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
  if (!world.isReadable || expected.refusal) return false;
  const tags = entries.map((entry) => entry?.tag);
  if (new Set(tags).size !== tags.length || tags.some((tag) => kinds.get(tag) !== 'counts')) return false;
  if (expected.counted.length !== tags.length) return false;
  let lower = -Infinity;
  let highest = -Infinity;
  let idx = -1;
  for (const entry of entries) {
    const window = windows.get(world.byTag(entry.tag));
    if (!Number.isSafeInteger(entry.idx) || (byPosition ? entry.idx !== idx + 1 : entry.idx <= idx)) return false;
    idx = entry.idx;
    if (sites.length === 0) continue;
    if (!(window.lower < entry.when && entry.when <= window.upper) || window.lower < lower) return false;
    if (!window.isAnyOrder && entry.when <= highest) return false;
    lower = window.lower;
    highest = Math.max(highest, entry.when);
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
    if (!Number.isSafeInteger(entry.idx)) wrong.push(`idx ${entry.idx} of ${entry.tag} is no whole number`);
    if (!Number.isSafeInteger(entry.when)) wrong.push(`when ${entry.when} of ${entry.tag} is no whole number`);
    if (i > 0 && entry.idx <= served.entries[i - 1].idx)
      wrong.push(`idx ${entry.idx} of ${entry.tag} does not increase`);
  });
  if (wrong.length > 0) return wrong;

  if (world.isReadable)
    for (const [key, value] of Object.entries(world.top))
      if (JSON.stringify(served[key]) !== JSON.stringify(value)) wrong.push(`key ${key} of the journal has changed`);
  const kept = new Map();
  for (const entry of expected.entries)
    if (entry?.tag !== undefined && !kept.has(entry.tag)) kept.set(entry.tag, entry);
  const positions = [...kept.keys()];
  let highest = -Infinity; // of the entries so far
  let highestMoving = -Infinity; // of those that are not applied everywhere
  served.entries.forEach((entry, i) => {
    const window = windows.get(world.byTag(entry.tag));
    const old = kept.get(entry.tag);
    if (old) {
      const [a, b] = [old, entry].map(({ idx, when, ...rest }) => JSON.stringify(rest));
      if (a !== b) wrong.push(`${entry.tag}: ${a} has become ${b}`);
      if (entry.when !== Number(old.when)) {
        const isRight = window.lower < old.when && old.when <= window.upper;
        const isAnyOrder = window.isAnyOrder || highest + 1 > window.upper; // else it may have to rise above the one before
        if (sites.length === 0 || (isRight && (isAnyOrder || old.when > highest)))
          wrong.push(`${entry.tag}: when ${old.when} was right and has become ${entry.when}`);
      }
      for (const before of served.entries.slice(0, i))
        if (kept.has(before.tag) && positions.indexOf(before.tag) > positions.indexOf(entry.tag)) {
          const { lower } = windows.get(world.byTag(before.tag));
          if (lower >= window.lower) wrong.push(`${before.tag} has come to stand before ${entry.tag} for no reason`);
        }
    }
    // A new stamp can be known again by its tag's mark, in a second of its own, wherever there is room for that.
    const above = Math.max(highest, window.lower);
    const made = (Math.floor((above === -Infinity ? 0 : above) / 1000) + 1) * 1000 + markOf(entry.tag);
    const isNew = entry.when !== Number(old?.when) && !expected.stamps.has(entry.when);
    if (isNew && made <= window.upper && entry.when !== made)
      wrong.push(`new stamp ${entry.when} of ${entry.tag} should be ${made}`);
    if (!window.isAnyOrder && sites.length > 0) {
      if (entry.when <= highestMoving && highestMoving + 1 <= window.upper)
        wrong.push(`when ${entry.when} of ${entry.tag} does not increase though it could`);
      highestMoving = Math.max(highestMoving, entry.when);
    }
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
