// A thread that keeps Drizzle and pg loaded, which takes most of the time of a process that migrates. It does what it is asked to by
// messages, and tells when: the thread that asked stands still meanwhile, as it would for a process.
import { createRequire } from 'node:module';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

const { project, port, done } = workerData;
const script = path.join(project, 'migrate.mjs');
const pg = createRequire(script)('pg');
const texts = { getTypeParser: () => (text) => text };
const said = { out: '', err: '' };
let runs = 0;

for (const [name, kind] of [['stdout', 'out'], ['stderr', 'err']]) {
  process[name].write = (text) => {
    said[kind] += text;
    return true;
  };
}

class Exit extends Error {}
process.exit = (code) => {
  if (code !== undefined) process.exitCode = code;
  throw new Exit();
};

function reply(answer) {
  port.postMessage(answer);
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}

// The script itself, evaluated once more: what it imports stays loaded, and what it leaves to nobody ends it as it would end a process.
async function migrate({ args, env }) {
  const before = { ...process.env };
  Object.assign(process.env, env);
  process.argv = [process.argv[0], script, ...args];
  process.exitCode = undefined;
  Object.assign(said, { out: '', err: '' });
  let thrown = null;
  try {
    await import(`${script}?${++runs}`);
  } catch (error) {
    if (!(error instanceof Exit)) thrown = error;
  }
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  return thrown ? { code: 1, out: said.out, err: `${said.err}${thrown.stack}\n` } : { code: Number(process.exitCode ?? 0), ...said };
}

// One session for each, since an open one stands in the way of those who rename or drop its database.
async function query({ server, database, sql }) {
  const client = new pg.Client({ ...server, user: 'postgres', database, types: texts });
  try {
    await client.connect();
    const results = await client.query({ text: sql, rowMode: 'array' });
    return { rows: [results].flat().flatMap(({ rows }) => rows.map((row) => row.map((value) => value ?? '')).filter((row) => row.some((value) => value !== ''))) };
  } catch (error) {
    return { error: error.message };
  } finally {
    await client.end();
  }
}

process.on('uncaughtException', (error) => reply({ code: 1, ...said, err: `${said.err}${error.stack}\n`, error: error.stack }));
parentPort.on('message', async ({ what, ...rest }) => reply(await { migrate, query }[what](rest)));
