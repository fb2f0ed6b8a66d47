// Ninety folders shaped like those of real projects, and databases that have run all of them: nothing is to be done, so nothing is said,
// but for the few of which something is to be done, and there the line says what.
import assert from 'node:assert/strict';
import { Random } from '../lib/random.mjs';
import { steps } from './steps.mjs';
import { LEDGER, sha256, World } from './world.mjs';

const COUNT = 90;
const QUIET = 80;

const words = 'amber bold calm deep early fancy glad huge icy jolly keen lazy mighty neat odd plain quick red sharp tidy'.split(' ');
const heroes = 'ant bee cat dove elk fox gnu hawk ibis jay koala lynx mole newt owl pike quail ram seal toad'.split(' ');
const breakpoint = '\n--> statement-breakpoint\n';

// As drizzle-kit writes them, or people.
function statements(random, n, tables) {
  const table = `t${n}`;
  const older = tables.length > 0 ? random.pick(tables) : null;
  const kinds = {
    table: () => {
      tables.push(table);
      return [`CREATE TABLE IF NOT EXISTS "${table}" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"name" text,\n\t"at" timestamp DEFAULT now() NOT NULL\n);`];
    },
    plain: () => {
      tables.push(table);
      return [`CREATE TABLE "${table}" (\n\t"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,\n\t"kind" varchar(20)\n);`,
        `CREATE UNIQUE INDEX "${table}_kind" ON "${table}" USING btree ("kind");`];
    },
    column: () => [`ALTER TABLE "${older}" ADD COLUMN "c${n}" integer DEFAULT 0 NOT NULL;`, `CREATE INDEX "i${n}" ON "${older}" ("c${n}");`],
    type: () => [`DO $$ BEGIN\n CREATE TYPE "public"."e${n}" AS ENUM('a', 'b');\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;\n`,
      `ALTER TABLE "${older}" ADD COLUMN "e${n}" "e${n}";`],
    rows: () => [`UPDATE "${older}" SET id = id;`],
    hand: () => [`-- by hand\ncreate or replace function f${n}() returns integer language sql as $$ select ${n} $$;`],
    rename: () => [`ALTER TABLE "${older}" ADD COLUMN "old${n}" text;`, `ALTER TABLE "${older}" RENAME COLUMN "old${n}" TO "new${n}";`],
  };
  const names = older ? ['table', 'plain', 'column', 'column', 'type', 'rows', 'hand', 'rename'] : ['table', 'plain'];
  return kinds[random.pick(names)]().join(breakpoint);
}

// The timestamps of one project: as drizzle-kit makes them, or typed.
function timestamps(random, count) {
  const typed = random.pick(['kit', 'kit', 'kit', 'some', 'all']);
  let at = 1680000000000 + random.below(1e10);
  return Array.from({ length: count }, () => {
    at += 60_000 + random.below(400_000_000);
    const isTyped = typed === 'all' || (typed === 'some' && random.chance(0.3));
    if (isTyped) at = (Math.floor(at / 100_000) + 1) * 100_000;
    return at;
  });
}

// What it is that makes the folder one of its kind; the shapes stand together as they do in projects.
function shapesOf(random, n) {
  const shapes = new Set();
  for (const [shape, percent] of [['by hand', 45], ['late branch', 25], ['gaps', 20], ['baseline', 15], ['pg', 10], ['leftovers', 25],
    ['twice a number', 15], ['squashed', 8], ['line ends', 8], ['old journal', 15], ['snapshots only at the end', 10], ['typed names', 10]]) {
    if (random.chance(percent / 100)) shapes.add(shape);
  }
  // Of these something is to be done.
  if (n % 15 === 7) shapes.add(random.pick(['by hand at the end', 'a decision', 'edited']));
  return shapes;
}

async function makeFolder(w, random, shapes) {
  const count = 3 + random.below(random.chance(0.2) ? 60 : 20);
  const times = timestamps(random, count);
  const tables = [];
  let number = shapes.has('gaps') && random.chance(0.5) ? 1 : 0;
  const width = shapes.has('typed names') ? 3 : 4;
  const list = [];
  for (let i = 0; i < count; i++) {
    const tag = `${String(number).padStart(width, '0')}_${random.pick(words)}_${random.pick(heroes)}${i}`;
    let text = statements(random, i, tables);
    if (i === 0 && shapes.has('baseline')) {
      text = `-- Current sql file was generated after introspecting the database\n-- If you want to run this migration please uncomment this code before executing migrations\n/*\n${text}\n*/`;
      tables.length = 0;
    }
    if (shapes.has('line ends')) text = text.replaceAll('\n', '\r\n');
    w.file(`${tag}.sql`, text);
    const isHand = i < count - 1 && shapes.has('by hand') && random.chance(0.35);
    const isBare = shapes.has('snapshots only at the end') ? i < count - 1 : isHand;
    const isLast = i === count - 1 && shapes.has('by hand at the end');
    if (!isBare && !isLast) w.file(`meta/${tag.slice(0, width)}_snapshot.json`, '{}');
    list.push({ idx: i, version: '7', when: times[i], tag, breakpoints: true });
    const isTwice = shapes.has('twice a number') && i > 0 && i < count - 2 && random.chance(0.2);
    if (!isTwice) number += shapes.has('gaps') && random.chance(0.25) ? 2 + random.below(3) : 1;
  }
  // Generated on a branch, merged behind what was made later, and deployed before that everywhere.
  if (shapes.has('late branch') && count > 4) {
    const at = 1 + random.below(count - 3);
    [list[at].when, list[at + 1].when] = [list[at + 1].when, list[at].when];
  }
  const last = Number(list.at(-1).tag.slice(0, width));
  list.at(-1).idx = Math.max(count - 1, last);
  list.forEach((entry, i) => {
    if (shapes.has('old journal')) Object.assign(entry, { version: '5' }, random.chance(0.5) ? { breakpoints: false } : {});
  });
  w.file('meta/_journal.json', JSON.stringify({ version: shapes.has('old journal') ? '5' : '7', dialect: shapes.has('pg') ? 'pg' : 'postgresql', entries: list }, null, 2));
  if (shapes.has('leftovers')) {
    w.file('seed.sql', 'insert into somewhere values (1);\n');
    w.file('README.md', '# Migrations\n');
    w.file('rollback/0001_down.sql', 'drop table x;\n');
    w.file(`${list[1].tag}.down.sql`, 'drop table x;\n');
    w.file('relations.ts', 'export {};\n');
  }
  if (shapes.has('a decision')) w.file(`${list[1].tag} copy.sql`, 'select 1;\n');
  return list;
}

// All of it has run: one by one, under the timestamps that the journal has.
async function level(w, list, name, shapes) {
  const database = await w.database(name);
  if (shapes.has('squashed')) for (let i = 0; i < 3; i++) await database.row(sha256(`squashed ${i}`), 1600000000000 + i);
  for (const { tag, when } of list) {
    await database.query(w.text(tag).toString());
    await database.row(sha256(w.text(tag)), when);
  }
  assert.ok((await database.query(`select count(*) as count from ${LEDGER}`))[0].count >= list.length);
}

const namesStep = (problem) => Object.values(steps).some(({ says }) => says.test(problem.sentence));

async function look(n) {
  const random = new Random(n + 1);
  const w = new World(1000 + n);
  try {
    const shapes = shapesOf(random, n);
    const list = await makeFolder(w, random, shapes);
    for (const name of ['staging', 'production']) await level(w, list, name, shapes);
    if (shapes.has('edited')) w.file(`${list[0].tag}.sql`, `${w.text(list[0].tag)}\n-- edited\n`);
    const { code, err } = await w.migfs('check', '--quiet', w.name);
    const left = code === 0 ? [] : (await w.problems()).filter(({ severity }) => severity !== 'note');
    assert.ok(code === 0 || left.length > 0, err);
    return { n, code, left, shapes: [...shapes] };
  } finally {
    w.close();
  }
}

/** Says as TAP what became of the folders; true when all is well. */
export async function lookAtFolders() {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < COUNT) results.push(await look(next++));
  };
  await Promise.all([work(), work(), work()]);
  const loud = results.filter(({ code }) => code !== 0);
  const say = (list) => list.map(({ n, left, shapes }) => `    folder ${n} (${shapes.join(', ')})\n${left.map(({ file, severity, sentence, code }) => `        ${file}: ${severity}: ${sentence} [${code}]`).join('\n')}`).join('\n');
  const mute = loud.filter(({ left }) => !left.every(namesStep));
  const isQuiet = COUNT - loud.length >= QUIET;
  console.log(isQuiet ? `ok - of ${COUNT} folders with level databases, ${COUNT - loud.length} have no problem` : `not ok - only ${COUNT - loud.length} of ${COUNT} have no problem\n${say(loud)}`);
  console.log(mute.length === 0 ? 'ok - each line of the others names something to do' : `not ok - lines that name nothing to do\n${say(mute)}`);
  return isQuiet && mute.length === 0;
}
