// What people do to a history on purpose, or a merge by accident: squashes, migrations that get another number, two entries in one object,
// and tags whose marks are alike. The events are as those of mishaps.mjs.

import { classify, compareTags, numberOf } from './oracle.mjs';
import { Migration } from './world.mjs';

const entryOf = (world, migration) => world.entries.find((entry) => entry?.tag === migration.tag);

/** The first migrations become one file. Where they ran it is recorded under the `when` of the last of them, or a rule says so. */
export async function squash(life) {
  const { random, world } = life;
  if (!world.isReadable || life.branch || life.style === 'none') return null;
  const list = world.entries.map((entry) => world.byTag(entry?.tag));
  let most = list.findIndex((migration) => !migration?.isPlain || !world.isOnDisk(migration));
  if (most === -1) most = list.length;
  if (most < 2) return null;
  const old = list.slice(0, random.int(2, most));
  const isWhole = (site) => old.every((migration) => site.ran.has(migration));
  if (!world.sites.every((site) => isWhole(site) || !old.some((migration) => site.ran.has(migration)))) return null;
  if (world.migrations.some((migration) => !old.includes(migration) && compareTags(migration.tag, old.at(-1).tag) <= 0)) return null;

  const id = world.nextId++;
  const squashed = Migration.squash(id, `${old[0].tag.split('_')[0]}_squashed_${id}`, old);
  const last = entryOf(world, old.at(-1)).when;
  const keepsWhen = Number.isSafeInteger(last) && random.chance(0.5);
  const when = keepsWhen ? last : world.pass(60e3, 86400e3);
  for (const migration of old) world.files.delete(migration.file);
  world.files.set(squashed.file, squashed.sql);
  world.entries.splice(0, old.length, { idx: 0, version: '7', when, tag: squashed.tag, breakpoints: true });
  world.changed();
  world.migrations = [squashed, ...world.migrations.filter((migration) => !old.includes(migration))];
  for (const migration of world.migrations)
    migration.needs = [...new Set(migration.needs.map((needed) => (old.includes(needed) ? squashed : needed)))];
  world.rules = world.rules.filter(({ glob }) => !old.some(({ tag }) => glob === tag || glob === `${tag.slice(0, -1)}?`));
  for (const site of world.sites.filter(isWhole)) {
    for (const migration of old) site.ran.delete(migration);
    site.ran.add(squashed);
    for (const [row, owner] of site.owner) if (old.includes(owner)) site.owner.delete(row);
    const row = keepsWhen && (await site.database.rows()).find(({ created_at }) => Number(created_at) === when);
    if (row && !row.name) site.owner.set(row.id, squashed);
    else world.rules.push({ verb: 'applied', glob: squashed.tag, site });
  }
  return `${old.map(({ tag }) => tag).join(', ')} are now ${squashed.tag}, when ${when}${keepsWhen ? ' as the last of them' : ''}`;
}

/** As `duplicate-prefix` asks for: the number behind all that are taken, for the file and for its entry. */
export function renumberFile(life) {
  const { random, world } = life;
  if (!world.isReadable || life.branch || life.style !== 'index') return null;
  const fits = world.migrations.filter(
    (migration) => world.isOnDisk(migration) && world.isListed(migration) && world.dependents(migration).length === 0 && numberOf(migration.tag) !== null,
  );
  if (fits.length === 0) return null;
  const migration = random.pick(fits);
  const entry = entryOf(world, migration);
  const numbers = [...world.files.keys()].map((name) => Number(/^(\d{1,4})_/.exec(name)?.[1] ?? 0));
  const old = migration.tag;
  const text = world.files.get(migration.file);
  world.files.delete(migration.file);
  migration.tag = `${String(Math.max(...numbers) + 1).padStart(4, '0')}_${old.split('_').slice(1).join('_')}`;
  world.files.set(migration.file, text);
  entry.tag = migration.tag;
  // What is generated next counts on from the last entry.
  entry.idx = Number(migration.tag.slice(0, 4));
  world.entries.splice(world.entries.indexOf(entry), 1);
  world.entries.push(entry);
  world.changed();
  for (const rule of world.rules) if (rule.glob === old) rule.glob = migration.tag;
  return `${old} is now ${migration.tag}, the last entry`;
}

/** "Accept both" in the merge of two entries: one object has the `when` and the `tag` of either, and JSON.parse takes the last. */
export function fusedEntry({ random, world }) {
  if (!world.isReadable || world.raw !== null || world.entries.length < 2) return null;
  const tags = world.entries.map((entry) => entry?.tag);
  if (tags.some((tag) => typeof tag !== 'string') || new Set(tags).size !== tags.length) return null;
  const at = random.chance(0.6) ? tags.length - 1 : random.int(1, tags.length - 1);
  const [lost, entry] = [world.entries[at - 1], world.entries[at]];
  if (!world.files.has(`${lost.tag}.sql`) || ![lost, entry].every(({ when }) => Number.isSafeInteger(when))) return null;
  const { idx, version, when, tag, ...rest } = entry;
  const both = { idx, version, 'when@1': lost.when, 'tag@1': lost.tag, 'when@2': when, 'tag@2': tag, ...rest };
  const text = world.textOf([...world.entries.slice(0, at - 1), both, ...world.entries.slice(at + 1)]);
  world.raw = text.replaceAll(/@[12]":/g, '":');
  world.entries = JSON.parse(world.raw).entries;
  world.fused = { tag: lost.tag, when: lost.when, before: tag };
  return `${lost.tag} and ${tag}`;
}

/** Two migrations with one mark ran by consistent journals that were not committed, and then one or both are edited: whose a row is, the mark
 * tells no more while both could claim it. Maybe a rule tells. */
export async function collidingMarks(life) {
  const { random, world } = life;
  const site = world.sites.length > 0 && random.pick(world.sites);
  if (!site || !world.isReadable || life.branch || life.style !== 'index') return null;
  const unlist = (migration) => {
    world.entries = world.entries.filter((entry) => entry?.tag !== migration.tag);
    world.changed();
  };
  const edit = (migration) => world.files.set(migration.file, `${world.files.get(migration.file)}\n-- reviewed ${world.story.length}\n`);
  life.generate(1, { form: 'plain' });
  const one = world.migrations.at(-1);
  unlist(one);
  const isTogether = random.chance(0.5);
  if (!isTogether) await life.deployConsistent(site);
  life.generate(1, { form: 'plain', like: one.tag });
  const two = world.migrations.at(-1);
  unlist(two);
  if (isTogether || random.chance(0.5)) await life.deployConsistent(site);
  edit(one);
  if (random.chance(0.7)) edit(two);
  const ran = [one, two].filter((migration) => site.ran.has(migration));
  if (ran.length > 0 && random.chance(0.3)) world.rules.push({ verb: 'applied', glob: random.pick(ran).tag, site });
  return `${one.tag} and ${two.tag} in ${site.name}, where ${ran.map(({ tag }) => tag).join(' and ') || 'neither'} ran`;
}

/** Published files get other names and other texts, and their entries stay as they are: nothing but the number tells any more whose they are,
 * and where that is another, nothing does. What
 * `held` and the refusal ask for is done for each: `include`, with `applied` where it has run, or `exclude` where nothing needs it; or
 * nobody has decided yet. */
export function renamedAndEdited({ random, world }) {
  if (!world.isReadable || world.raw !== null) return null;
  const isPublished = (migration) => world.published.entries.some((entry) => entry?.tag === migration.tag);
  const list = world.published
    ? world.migrations.filter((it) => it.isPlain && numberOf(it.tag) !== null && world.isOnDisk(it) && world.isListed(it) && isPublished(it))
    : [];
  if (list.length === 0) return null;
  const done = random.some(list, random.int(1, Math.min(3, list.length))).map((migration) => {
    const old = migration.tag;
    const text = world.files.get(migration.file);
    world.files.delete(migration.file);
    const highest = Math.max(...world.migrations.map(({ tag }) => Number(numberOf(tag) ?? 0)));
    const name = `rewritten_${migration.id}`;
    const next = String(highest + 1).padStart(4, '0');
    migration.tag = random.weighted([[4, `${old}_v2`], [4, `${old.split('_')[0]}_${name}`], [world.sites.some((site) => site.ran.has(migration)) ? 0 : 3, `${next}_${name}`]]);
    world.files.set(migration.file, `${text}\n-- rewritten ${world.story.length}\n`);
    world.rules = world.rules.filter(({ glob }) => glob !== old && glob !== `${old.slice(0, -1)}?`);
    return [migration, old];
  });
  const decided = done.map(([migration, old]) => {
    const isHeld = classify(world).get(migration.tag) === 'held';
    const decision = random.weighted([[1, 'nobody has decided'], [4, 'include'], [world.dependents(migration).length === 0 ? 2 : 0, 'exclude']]);
    if (isHeld && decision === 'exclude') world.rules.push({ verb: 'exclude', glob: migration.tag });
    if (isHeld && decision === 'include') {
      world.rules.push({ verb: 'include', glob: migration.tag });
      for (const site of world.sites) if (site.ran.has(migration)) world.rules.push({ verb: 'applied', glob: migration.tag, site });
    }
    return `${old} is now ${migration.tag}, ${isHeld ? decision : 'not held'}`;
  });
  return decided.join('; ');
}
