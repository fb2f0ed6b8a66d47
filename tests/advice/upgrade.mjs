// What `migfs check --upgrade` says is to be done before the upgrade to drizzle v1: taken literally; then the real `drizzle-kit up` converts
// the folder, and the real v1 runner deploys each database.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { deployAll, taken, printed } from './judge.mjs';
import { steps } from './steps.mjs';
import { convert as upgradeByKit } from '../v1/convert.mjs';
import { LEDGER, sha256, World } from './world.mjs';

const said = (sentence, pattern) => {
  const found = sentence.match(pattern);
  assert.ok(found, `not in the sentence: ${pattern}: ${sentence}`);
  return found;
};

// As in steps.mjs; `says` finds them in the lines of the rehearsal.
export const upgradeSteps = {
  fix: {
    says: /`migfs fix` (adds it|makes it|leaves it out|keeps the first|gives (it|that one) a timestamp)/,
    async take(w) {
      const { code, err } = await w.migfs('fix', w.name);
      assert.equal(code, 0, `fix: ${err}`);
    },
  },
  'fix all': {
    says: /`migfs fix --all-snapshots`/,
    async take(w) {
      const { code, err } = await w.migfs('fix', '--all-snapshots', w.name);
      assert.equal(code, 0, `fix: ${err}`);
    },
  },
  restore: {
    says: /restore (it|that one|the right one) from git|restore its migration/,
    take: (w) => w.git('checkout', '-q', '--', w.name),
  },
  check: { // what that says, which has cases of its own
    says: /`migfs check` says/,
    async take(w) {
      const problem = (await w.problems()).find(({ severity }) => severity === 'error');
      const name = ['fix', 'commands', 'restore'].find((it) => steps[it].says.test(problem.sentence));
      assert.ok(name, problem.sentence);
      await steps[name].take(w, problem, {});
    },
  },
  'set when': {
    says: /set its `when` to (\d+)/,
    take(w, { sentence, tag }) {
      const when = Number(said(sentence, upgradeSteps['set when'].says)[1]);
      w.editEntry(tag, (entry) => { entry.when = when; });
      w.isLeftBy0x ||= /when only v1 deploys there/.test(sentence);
      w.set = when;
    },
  },
  'set when below': {
    says: /set its `when` to a time in milliseconds that is below all others/,
    take(w, { tag }) {
      const below = Math.min(...w.journal.entries.filter((entry) => entry.tag !== tag).map(({ when }) => when)) - 1000;
      w.editEntry(tag, (entry) => { entry.when = below; });
    },
  },
  'set created_at': {
    says: /set created_at of its row, /,
    async take(w, { sentence }) {
      const all = [...sentence.matchAll(/in (\S+) set created_at of its row, (\d+), to that, too/g)];
      for (const [, name, id] of all) await w.named(name).query(`update ${LEDGER} set created_at = $1 where id = $2`, [w.set, id]);
      assert.match(sentence, /; the same in each that is not attached and has run it/);
      await w.named('away').query(`update ${LEDGER} set created_at = $1 where id = $2`, [w.set, all[0][2]]);
    },
  },
  'set hash': {
    says: /set its hash to ([0-9a-f]{64})/,
    take: (w, { sentence, database }) =>
      w.named(database).query(`update ${LEDGER} set hash = $1 where id = $2`, [said(sentence, upgradeSteps['set hash'].says)[1], said(sentence, /^row (\d+)/)[1]]),
  },
  'delete row': {
    says: /delete the row once 0\.x no longer deploys there/,
    async take(w, { sentence, database }) {
      await w.named(database).query(`delete from ${LEDGER} where id = ${said(sentence, /^row (\d+)/)[1]}`);
      w.isLeftBy0x = true;
    },
  },
  'insert row': {
    says: /insert a row with the hash ([0-9a-f]{64}) and the created_at (\d+)/,
    async take(w, { sentence, database }) {
      const [, hash, createdAt] = said(sentence, upgradeSteps['insert row'].says);
      await w.named(database).row(hash, createdAt);
    },
  },
  baseline: {
    says: /databases\/(\S+)\/baseline\.sql, run with psql, records it/,
    async take(w, problem) {
      await steps.baseline.take(w, problem);
    },
  },
  'set name': {
    says: /set the name of its row, /,
    async take(w, { sentence }) {
      const [, name, id, to] = said(sentence, /in (\S+) set the name of its row, (\d+), to ([^;]+)/);
      await w.named(name).query(`update ${LEDGER} set name = $1 where id = $2`, [to, id]);
    },
  },
  'rename it': {
    says: /rename it to (\S+)\.sql and the tag of its entry to (\S+)/,
    take(w, { sentence, tag }) {
      const [, file, to] = said(sentence, upgradeSteps['rename it'].says);
      fs.renameSync(w.path(`${tag}.sql`), w.path(`${file}.sql`));
      w.editEntry(tag, (entry) => { entry.tag = to; });
      for (const { has } of w.databases) if (has.delete(tag)) has.add(to);
    },
  },
  attach: { // and look again at what it says of the same
    says: /attach the databases that have run it, to see/,
    async take(w, problem) {
      for (const database of w.databases) database.isAttached = database.name !== 'away';
      problem.sentence = (await rehearse(w)).lines.find(({ tag }) => tag === problem.tag).sentence;
    },
  },
  rename: {
    says: /rename the right one to its tag/,
    take: (w, { tag }, { right }) => fs.renameSync(w.path(`${right}.sql`), w.path(`${tag}.sql`)),
  },
  write: { // what only the reader can write
    says: /give one of them another number and a snapshot of its own/,
    take: (w, problem, { write }) => write(w, problem),
  },
};

// Its lines, each with what it is of: `tag` of an entry, or `database`.
async function rehearse(w) {
  const { code, out, err } = await w.migfs('check', '--upgrade', w.name);
  assert.ok([0, 1].includes(code), `check --upgrade: ${err}`);
  let database;
  const lines = [];
  for (const line of out.split('\n')) {
    database = line.match(/^database (\S+):/)?.[1] ?? database;
    const [, tag, sentence, fault] = line.match(/^ {2}(\S+): (.*) \[([a-z-]+)\]$/) ?? [];
    if (fault) lines.push({ tag, sentence, fault });
    else if (database && /^ {4}/.test(line)) lines.push({ database, sentence: line.trim(), fault: /^row /.test(line.trim()) ? 'row' : 'run' });
  }
  return { isReady: code === 0, lines, out };
}

function note({ lines }) {
  for (const { fault, sentence } of lines) {
    const code = `upgrade ${fault}`;
    if (!printed.has(code)) printed.set(code, new Set());
    printed.get(code).add(sentence);
  }
}

async function take(w, it) {
  const before = await rehearse(w);
  note(before);
  const problem = before.lines.find(({ fault, sentence }) => fault === it.fault && it.line.test(sentence));
  assert.ok(problem, `nothing says ${it.line} [${it.fault}]:\n${before.out}`);
  for (const name of [it.step].flat()) {
    assert.match(problem.sentence, upgradeSteps[name].says);
    taken.add(`upgrade ${it.fault} ${name}`);
    await upgradeSteps[name].take(w, problem, it);
  }
  const after = await rehearse(w);
  note(after);
  assert.ok(!after.lines.some(({ fault, tag, database, sentence }) => fault === problem.fault && tag === problem.tag && database === problem.database && it.line.test(sentence)),
    `it is still said:\n${after.out}`);
  return after;
}

// What drizzle-kit made of a folder, by all that was in it: what is restored is often the same.
const converted = new Map();

function contentOf(w) {
  const names = fs.readdirSync(w.folder, { recursive: true }).sort();
  return names.map((name) => `${name} ${fs.statSync(w.path(name)).isFile() ? sha256(fs.readFileSync(w.path(name))) : ''}`).join('\n');
}

async function convert(w) {
  const content = contentOf(w);
  if (!converted.has(content)) converted.set(content, convertByKit(w).then(() => w.folder));
  const made = await converted.get(content);
  if (made === w.folder) return;
  fs.rmSync(w.folder, { recursive: true });
  fs.cpSync(made, w.folder, { recursive: true });
}

async function convertByKit(w) {
  const { isTaken, text } = await upgradeByKit(w.folder);
  assert.ok(isTaken, `drizzle-kit up: ${text}`);
}

// As v1 has them, what has run by its text.
async function goOnAsV1(w) {
  const flat = new Map(w.tags.map((tag) => [w.text(tag).toString(), tag]));
  await convert(w);
  w.kind = 'v1';
  const names = new Map(w.tags.map((name) => [flat.get(w.text(name).toString()), name]));
  for (const database of w.databases) database.has = new Set([...database.has].map((tag) => names.get(tag)).filter(Boolean));
}

// 0.x may deploy between the step and the upgrade, but where the sentence says that it must not: it runs nothing again.
async function deployBy0x(w) {
  for (const database of w.databases.filter(({ has, isAttached }) => isAttached && w.tags.every((tag) => has.has(tag)))) {
    assert.deepEqual(await w.deploy(database), [], `0.x in ${database.name}`);
  }
}

export async function judgeUpgrade(it, number) {
  const w = new World(number);
  try {
    await it.make(w);
    let after;
    for (const each of [it, ...(it.next ?? [])]) after = await take(w, each);
    assert.ok(after.isReady, `not ready after the step:\n${after.out}`);
    if (!w.isLeftBy0x) await deployBy0x(w);
    await goOnAsV1(w);
    await deployAll(w, it);
  } finally {
    w.close();
  }
}
