// What goes wrong in real ledgers; the events are as those of mishaps.mjs.

import { markOf } from './oracle.mjs';

const entryOf = (world, migration) => world.entries.find((entry) => entry?.tag === migration.tag);

export function pickSite({ random, world }, fits = () => true) {
  const list = world.sites.filter(fits);
  return list.length > 0 ? random.pick(list) : null;
}

/** A row that is known to be one migration's. */
function pickRow({ random }, site) {
  return site && site.owner.size > 0 ? random.pick([...site.owner]) : null;
}

function updateRow(site, id, column, value) {
  return site.database.query(`update ${site.database.ledger} set "${column}" = $1 where id = $2`, [value, id]);
}

export async function deleteRow(life) {
  const { world } = life;
  const site = pickSite(life);
  const row = pickRow(life, site);
  if (!row || !world.migrations.includes(row[1]) || !row[1].isPlain) return null;
  await site.database.query(`delete from ${site.database.ledger} where id = $1`, [row[0]]);
  site.owner.delete(row[0]);
  world.rules.push({ verb: 'applied', glob: row[1].tag, site });
  return `${row[1].tag} in ${site.name}, with a rule`;
}

export async function repairByHand(life) {
  const { random, world } = life;
  const site = pickSite(life);
  if (!site || site.owner.size === 0) return null;
  const all = random.chance(0.3);
  const ids = all ? [...site.owner.keys()] : [pickRow(life, site)[0]];
  const when = world.pass(60e3, 86400e3);
  const step = random.int(0, 1);
  for (const [i, id] of ids.entries()) await updateRow(site, id, 'created_at', when + i * step);
  return `${all ? 'all rows' : site.owner.get(ids[0]).tag} of ${site.name} at ${when}`;
}

/** The newest row is repaired by hand, and the first entry that has not run there is typed with that same stamp. */
export async function stampOfARow(life) {
  const { world } = life;
  const site = pickSite(life, (candidate) => candidate.owner.size > 0);
  const entry = site && world.isReadable && world.entries.find((one) => one && !site.ran.has(world.byTag(one.tag)));
  if (!entry?.tag) return null;
  const newest = (await site.database.rows()).filter(({ id }) => site.owner.has(id)).at(-1);
  if (!newest) return null;
  const when = world.pass(60e3, 86400e3);
  await updateRow(site, newest.id, 'created_at', when);
  entry.when = when;
  world.changed();
  return `${entry.tag} has that of the row of ${site.owner.get(newest.id).tag} in ${site.name}, ${when}`;
}

export async function foreignRow(life) {
  const { random, world } = life;
  const site = pickSite(life, (candidate) => candidate.owner.size > 0);
  if (!site) return null;
  let created = world.wall + random.int(-50, 3) * 3600e3 + random.int(0, 999999);
  // By chance it may have the mark of a migration that has not run there; its second then does not follow another stamp.
  const lacking = world.migrations.filter((migration) => !site.ran.has(migration) && world.isOnDisk(migration));
  if (lacking.length > 0 && random.chance(0.5))
    created += markOf(random.pick(lacking).tag).milliseconds - (created % 1000);
  const hash = random.chance(0.85) ? [...Array(64)].map(() => random.int(0, 15).toString(16)).join('') : '';
  await site.database.query(`insert into ${site.database.ledger} (hash, created_at) values ($1, $2)`, [hash, created]);
  return `${site.name} at ${created}`;
}

export async function doubleRow(life) {
  const site = pickSite(life);
  const row = pickRow(life, site);
  if (!row || !row[1].isPlain) return null;
  await site.database.query(
    `insert into ${site.database.ledger} (hash, created_at) select hash, created_at from ${site.database.ledger} where id = $1`,
    [row[0]],
  );
  return `${row[1].tag} in ${site.name}`;
}

export async function nameForHash(life) {
  const { random, world } = life;
  const site = pickSite(life);
  const row = pickRow(life, site);
  if (!row || !world.isOnDisk(row[1])) return null;
  await updateRow(site, row[0], 'hash', random.chance(0.5) ? row[1].tag : row[1].file);
  return `${row[1].tag} in ${site.name}`;
}

export async function toV1(life) {
  const site = pickSite(life, (candidate) => !candidate.isV1 && candidate.owner.size > 0);
  if (!site) return null;
  site.isV1 = true;
  await site.database.query(
    `alter table ${site.database.ledger} add column name text, add column applied_at timestamptz default now()`,
  );
  for (const [id, migration] of site.owner) await updateRow(site, id, 'name', migration.tag);
  return site.name;
}

export async function shuffleIds(life) {
  const { random } = life;
  const site = pickSite(life, (candidate) => candidate.owner.size > 1);
  if (!site) return null;
  const ids = [...site.owner.keys()];
  const moved = random.shuffled(ids);
  const { ledger } = site.database;
  for (const [i, id] of ids.entries())
    await site.database.query(`update ${ledger} set id = $1 where id = $2`, [-moved[i], id]);
  await site.database.query(`update ${ledger} set id = -id where id < 0`);
  site.owner = new Map(ids.map((id, i) => [moved[i], site.owner.get(id)]));
  return site.name;
}

export async function nullStamp(life) {
  const site = pickSite(life, (candidate) => candidate.owner.size > 0);
  const row = pickRow(life, site);
  if (!row) return null;
  await updateRow(site, row[0], 'created_at', null);
  return `${row[1].tag} in ${site.name}`;
}

export async function endlessStamp(life) {
  const site = pickSite(life, (candidate) => candidate.owner.size > 0);
  if (!site) return null;
  await site.database.query(`insert into ${site.database.ledger} (hash, created_at) values ('x', 9223372036854775807)`);
  return site.name;
}

/** A migration that one database has is edited, while another one lacks it and gets a row above its stamp: both below what the first
 * has, so that one stamp may serve both. */
export async function passedAndEdited(life) {
  const { random, world } = life;
  const [a, b] = random.shuffled(world.sites);
  if (!b || !world.isReadable) return null;
  if (!(await b.database.hasLedger())) await life.deploy(b);
  life.generate(random.int(2, 3));
  await life.deploy(a);
  if (!(await b.database.hasLedger())) return null;
  const stamps = new Map((await a.database.rows()).map((row) => [row.id, Number(row.created_at)]));
  const newest = Math.max(...stamps.values());
  const passed = (await b.database.watermark()) ?? 0;
  const fit = [...a.owner].filter(
    ([id, migration]) =>
      migration.isPlain &&
      world.isOnDisk(migration) &&
      !b.ran.has(migration) &&
      entryOf(world, migration)?.when === stamps.get(id) &&
      Math.max(stamps.get(id), passed) + 1 < newest,
  );
  if (fit.length === 0) return null;
  const [id, migration] = random.pick(fit);
  const stamp = Math.max(stamps.get(id), passed) + random.int(0, 1);
  await b.database.query(`insert into ${b.database.ledger} (hash, created_at) values ('another', $1)`, [stamp]);
  world.files.set(migration.file, `${world.files.get(migration.file)}\n-- reviewed ${world.story.length}\n`);
  return `${migration.tag} ran in ${a.name}; ${b.name} has a row at ${stamp}`;
}
