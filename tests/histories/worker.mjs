// One process of the test: makes and judges the histories it is told to, one after the other, with its own databases.

import fs from 'node:fs';
import path from 'node:path';
import { Database } from './databases.mjs';
import { Life } from './life.mjs';
import { Random } from '../lib/random.mjs';
import { Verdict } from './verdict.mjs';
import { View } from './view.mjs';
import { Site } from './world.mjs';

const NAMES = ['staging', 'production', 'eu-west_2', 'qa7'];
const { program, directory, memory, number, keep, canMount } = JSON.parse(process.argv[2]);
const databases = [];
for (const letter of ['a', 'b', 'c', 'fresh']) databases.push(await Database.create(`history_${number}_${letter}`));
const fresh = databases.pop();

async function judge(seed) {
  const random = new Random(seed);
  const ledger = random.weighted([
    [8, ['drizzle', '__drizzle_migrations']],
    [1, ['bookkeeping', '__drizzle_migrations']],
    [1, ['public', 'journal "x"']],
  ]);
  if (ledger[1].includes('"')) ledger[1] = 'my_migrations';
  const names = random.shuffled(NAMES);
  const count = random.weighted([
    [1, 0],
    [3, 1],
    [3, 2],
    [2, 3],
  ]);
  const sites = [];
  for (const database of databases.slice(0, count)) {
    await database.empty(...ledger);
    database.name = names.pop();
    sites.push(new Site(database));
  }

  // Four of five read through the pooler.
  for (const database of [...databases, fresh]) database.port = seed % 5 === 0 ? null : process.env.MIGFS_TEST_POOLER_PORT;

  const parent = path.join(directory, `${seed}`);
  const folder = path.join(memory, `${seed}`, 'source');
  const view = new View(program);
  if (ledger[0] !== 'drizzle') view.options.push(`--migrations-schema=${ledger[0]}`);
  if (ledger[1] !== '__drizzle_migrations') view.options.push(`--migrations-table=${ledger[1]}`);
  if (random.chance(0.2)) view.options.push('--idx=position');
  const life = new Life(random, sites, folder, (...args) => view.print(...args));
  const verdict = new Verdict(life.world, view, fresh, folder, parent, {
    canMount,
    mount: canMount && seed % 4 === 0,
    isFull: seed % 3 === 1,
    detached: count > 1 && seed % 4 === 2 ? sites[seed % count] : undefined,
  });
  verdict.schema = ledger;
  try {
    await life.live();
    verdict.before = { ledgers: await dump(sites), journal: life.world.journal };
    await verdict.judge();
  } catch (error) {
    verdict.wrong.push(error.stack);
  }
  fs.rmSync(path.dirname(folder), { recursive: true, force: true });
  if (verdict.wrong.length > 0 || keep) await save(parent, life.world, view, verdict);
  else fs.rmSync(parent, { recursive: true, force: true });
  return {
    seed,
    wrong: verdict.wrong,
    story: life.world.story,
    kept: parent,
    kinds: [...life.world.kinds],
    facts: [...verdict.facts],
    sites: count,
    size: life.world.migrations.length,
  };
}

async function dump(sites) {
  const lines = [];
  for (const site of sites) {
    lines.push(`database ${site.name} (id, hash, created_at, truth)`);
    for (const row of await site.database.rows())
      lines.push(
        `  ${row.id}\t${row.hash.slice(0, 12)}\t${row.created_at}\t${site.owner.get(row.id)?.tag ?? 'nobody'}${row.name ? `\tname ${row.name}` : ''}`,
      );
    lines.push(`  ran: ${[...site.ran].map(({ tag }) => tag).join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Everything a person needs to see what went wrong. */
async function save(parent, world, view, verdict) {
  fs.mkdirSync(parent, { recursive: true });
  const put = (name, text) => fs.writeFileSync(path.join(parent, name), text);
  if (verdict.before) {
    world.write(path.join(parent, 'source'), { journal: verdict.before.journal });
    put('ledgers.txt', verdict.before.ledgers);
  }
  put('story.txt', `${world.story.join('\n')}\n`);
  put('wrong.txt', `${verdict.wrong.join('\n')}\n`);
  put(
    'command.txt',
    `${[view.program, 'print', ...view.arguments(world.sites), path.join(parent, 'source'), '_journal.json'].join(' ')}\n`,
  );
  if (verdict.expected) {
    const lines = verdict.expected.counted.map((migration) => {
      const { lower, upper } = verdict.expected.windows.get(migration);
      return `${migration.tag}\t(${lower}, ${upper}]\tneeds ${migration.needs.map(({ tag }) => tag).join(' ') || '-'}`;
    });
    put('windows.txt', `${lines.join('\n')}\n`);
  }
  for (const [file, text] of Object.entries(verdict.outputs)) put(`output.${file.replaceAll('/', '.')}`, text);
}

process.on('message', async (seed) => {
  if (seed === null) {
    for (const database of [...databases, fresh]) await database.close();
    process.disconnect();
  } else process.send(await judge(seed));
});
process.send('ready');
