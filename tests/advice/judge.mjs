// Makes a case's situation, finds the problem, takes its step, and has the real runner judge how that ended.
import assert from 'node:assert/strict';
import { steps } from './steps.mjs';
import { World } from './world.mjs';

const line = ({ file, severity, sentence, code }) => `${file}: ${severity}: ${sentence} [${code}]`;
const lines = (problems) => problems.map(line).join('\n');
const open = (problems) => problems.filter(({ ignored }) => !ignored);

// The sentences that were printed, by code: what steps they name has to be taken somewhere.
export const printed = new Map();
export const taken = new Set(); // `CODE STEP`
export const heard = []; // sentences that stand elsewhere and whose steps were taken

function note(problems) {
  for (const problem of problems) {
    if (!printed.has(problem.code)) printed.set(problem.code, new Set());
    printed.get(problem.code).add(problem.sentence);
  }
}

async function takeStep(w, it, problem) {
  for (const name of [it.step].flat()) {
    taken.add(`${problem.code} ${name}`);
    const step = steps[name];
    assert.ok(step, `no step is named ${name}`);
    assert.match(problem.sentence, step.says, `the sentence does not name the step: ${problem.sentence}`);

    await step.take(w, problem, it);
  }
}

// What another file of the view says, or a command on standard error, as `{ sentence }`.
async function listen(w, it) {
  const text = await it.listen(w);
  const sentence = text.split('\n').find((said) => it.line.test(said));
  assert.ok(sentence, `${it.where}: nothing says ${it.line}:\n${text}`);
  heard.push(sentence);
  return { sentence, code: it.code, file: it.file, tag: it.tag, database: it.database };
}

// `problems`: what they are now, where that was asked already.
async function find(w, it, problems) {
  if (it.listen) return listen(w, it);
  problems ??= await w.problems(...(it.options ?? []));
  note(problems);
  const problem = problems.find((other) => other.code === it.code && (it.of ?? (() => true))(other));
  assert.ok(problem, `${it.code} is not there:\n${lines(problems)}`);
  return problem;
}

async function judgeAfter(w, it, problem, before) {
  const after = await w.problems(...(it.options ?? []));
  note(after);
  if (it.listen && it.isSaidAgain !== true) {
    const text = await it.listen(w);
    assert.ok(!text.split('\n').some((said) => it.line.test(said)), `it is still said:\n${text}`);
  }
  const isSame = (other) => other.severity !== 'note' && other.code === problem.code && other.tag === problem.tag && other.database === problem.database;
  assert.ok(!open(after).some(isSame), `the problem stands still:\n${lines(after)}`);
  const known = new Set(before.map(line));
  const left = open(after).filter((other) => other.severity !== 'note' && !(it.leaves ?? []).includes(other.code));
  assert.equal(lines(left.filter((other) => !known.has(line(other)) || !it.among)), '', 'what is left after the step');
}

const tagsIn = (text) => text.split('\n').filter(Boolean);

// What the view foretells of each attached database: databases/NAME/next, and the line `drizzle` of each status file.
async function foretold(w, it) {
  const told = new Map();
  if (it.kind === 'v1' || it.foretells === false) return told;
  const attached = w.databases.filter(({ isAttached }) => isAttached);
  const { migrations } = attached.length > 0 ? JSON.parse(await w.print('status.json')) : { migrations: [] };
  for (const { name } of attached) {
    const runs = new RegExp(`runs it (again )?in ([^;:]*, )?${name}(,|;|:|$)`);
    const byStatus = migrations.filter(({ drizzle }) => runs.test(drizzle)).map(({ tag }) => tag);
    const next = tagsIn(await w.print(`databases/${name}/next`));
    assert.deepEqual([...next].sort(), byStatus.sort(), `databases/${name}/next and the status files`);
    told.set(name, next);
  }
  return told;
}

// Each database gets exactly what it lacks, in the order that was foretold; then a second run does nothing.
async function judgeDatabase(w, it, database, told) {
  const lacks = w.tags.filter((tag) => !database.has.has(tag));
  const expected = it.runs?.[database.name] ?? lacks;
  let ran;
  try {
    ran = await w.deploy(database);
  } catch (error) {
    assert.fail(`the deploy of ${database.name} fails: ${error.message.split('\n')[0]}: ${error.cause?.message}`);
  }
  assert.deepEqual([...ran].sort(), [...expected].sort(), `what ran in ${database.name}`);
  if (told) assert.deepEqual(ran, told, `what databases/${database.name}/next foretold`);
  assert.deepEqual(await w.deploy(database), [], `a second run in ${database.name}`);
}

async function judgeRuns(w, it) {
  await deployAll(w, it, await foretold(w, it));
}

// What each database lacks, an empty one, too; all are alike then.
export async function deployAll(w, it, told = new Map()) {
  const empty = await w.away('empty');
  for (const database of w.databases) if (!(it.without ?? []).includes(database.name)) await judgeDatabase(w, it, database, told.get(database.name));
  if (it.schemas === false) return;
  const expected = await empty.schema();
  for (const database of w.databases) {
    if (!(it.without ?? []).includes(database.name)) assert.equal(await database.schema(), expected, `the schema of ${database.name}`);
  }
}

export async function judge(it, number) {
  const w = new World(number, it.world);
  try {
    await it.make(w);
    const before = await w.problems(...(it.options ?? []));
    const problem = await find(w, it, before);
    await takeStep(w, it, problem);
    for (const next of it.next ?? []) await takeStep(w, next, await find(w, { ...it, ...next }));
    await judgeAfter(w, it, problem, before);
    if (it.deploys !== false) {
      await judgeRuns(w, it);
      const last = open(await w.problems(...(it.options ?? []))).filter(({ severity, code }) => severity === 'error' && !(it.leaves ?? []).includes(code));
      assert.equal(lines(last), '', 'what is wrong after the deploy');
    }
  } finally {
    await w.unmount();
    w.close();
  }
}

