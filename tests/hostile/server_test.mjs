// Servers that keep whoever asks them busy or waiting: a mount beside each answers and ends, and `check` ends by itself.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { makeFolder } from '../runner/lib.mjs';
import { entry, fill, input, journal, MEBI } from './lib.mjs';

const PATIENCE = 30_000; // for what must happen at all

// In a thread of its own, which goes on while this one waits.
function serve() {
  const net = require('node:net');
  const { parentPort, workerData: kind } = require('node:worker_threads');
  const message = (type, body) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), head, body]);
  };
  const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeInt32BE(value); return bytes; };
  const words = (...all) => Buffer.from(all.map((word) => `${word}\0`).join(''));
  const greeting = Buffer.concat([message('R', number(0)), message('S', words('client_encoding', 'UTF8')), message('K', Buffer.alloc(8)), message('Z', Buffer.from('I'))]);
  const notice = message('N', Buffer.concat([words('SNOTICE', 'VNOTICE', 'C00000', `M${'n'.repeat(400)}`), Buffer.alloc(1)]));
  const flood = (socket, part) => {
    const many = Buffer.concat(Array(200).fill(part));
    const go = () => { while (!socket.destroyed && socket.write(many)); };
    socket.on('drain', go);
    go();
  };
  const drip = (socket, bytes) => {
    let at = 0;
    const timer = setInterval(() => (at < bytes.length && !socket.destroyed ? socket.write(bytes.subarray(at, ++at)) : clearInterval(timer)), 700);
  };
  // What is done once the first message of a session has come, and once the first question has.
  const kinds = {
    'asks for passwords without end, and reads none': [(socket) => { socket.pause(); flood(socket, message('R', number(3))); }],
    'wants two thousand million rounds of SCRAM': [(socket) => {
      socket.write(message('R', Buffer.concat([number(10), words('SCRAM-SHA-256'), Buffer.alloc(1)])));
      socket.once('data', (data) => {
        const nonce = /r=([^,]+)/.exec(data.toString('latin1'))[1];
        socket.write(message('R', Buffer.concat([number(11), Buffer.from(`r=${nonce}xyz,s=c2FsdHNhbHRzYWx0,i=2147483647`)])));
      });
    }],
    'says nothing': [() => {}],
    'greets a byte at a time': [(socket) => drip(socket, greeting)],
    'sends notices without end instead of a greeting': [(socket) => flood(socket, notice)],
    'accepts TLS and says no more': [(socket) => socket.write('S'), null, 'tls'],
    'begins a record of TLS a byte at a time': [(socket) => { socket.write('S'); drip(socket, Buffer.concat([Buffer.from('160303400002', 'hex'), Buffer.alloc(100)])); }, null, 'tls'],
    'answers a byte at a time': [(socket) => socket.write(greeting), (socket) => drip(socket, message('C', words('BEGIN')))],
    'sends notices without end': [(socket) => socket.write(greeting), (socket) => flood(socket, notice)],
    'sends parameters without end': [(socket) => socket.write(greeting), (socket) => flood(socket, message('S', words('p', 'v'.repeat(200))))],
    'sends notifications without end': [(socket) => socket.write(greeting), (socket) => flood(socket, message('A', Buffer.concat([number(7), words('channel', 'p'.repeat(200))])))],
    'answers COPY': [(socket) => socket.write(greeting), (socket) => socket.write(message('H', Buffer.alloc(3)))],
    'sends rows without end': [(socket) => socket.write(greeting), (socket) => flood(socket, message('D', Buffer.concat([Buffer.from([0, 1]), number(4), Buffer.from('1234')])))],
  };
  if (kind === undefined) return;
  const [begin, answer, wants] = kinds[kind];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    let hasBegun = false;
    socket.on('data', (data) => {
      if (!hasBegun && data.length === 8 && wants !== 'tls') return socket.write('N'); // asks for TLS or GSS
      if (!hasBegun) { hasBegun = true; return begin(socket); }
      if (answer && data[0] === 0x51) answer(socket);
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
}

const source = fill(makeFolder(), { '0000_a.sql': 'select 1;\n' }, journal(entry(0, '0000_a')));

async function within(promise, what) {
  const timer = new AbortController();
  const late = sleep(PATIENCE, null, { signal: timer.signal }).then(() => { throw new Error(`${what}: not within ${PATIENCE} ms`); });
  try { return await Promise.race([promise, late]); } finally { timer.abort(); late.catch(() => {}); }
}

async function until(condition, what) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) if (await condition()) return;
  assert.fail(`never came true: ${what}`);
}

const cat = (file) => within(promisify(execFile)('cat', [file]), file).then(({ stdout }) => stdout);

async function checkEnds(kind, connection) {
  const child = spawn(process.env.MIGFS, ['check', `--database=${connection}`, '--timeout=1', source], { stdio: 'ignore' });
  const [status] = await within(once(child, 'exit'), `check of a server that ${kind}`);
  assert.equal(status, 2, kind);
}

async function mountAnswersAndEnds(kind, connection) {
  const point = makeFolder('mnt');
  const daemon = spawn(process.env.MIGFS, ['-f', `--database=${connection}`, '--timeout=1', '--poll=0.2', source, point], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  await until(() => fs.existsSync(`${point}/README`), `a mount beside a server that ${kind}`);
  for (let i = 0; i < 5; i++) {
    assert.match(await cat(`${point}/problems`), /database-unreadable/, kind);
    await assert.rejects(cat(`${point}/_journal.json`), /Input\/output error/, kind);
    await sleep(200); // while it is read again
  }
  const most = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))[1]) * 1024;
  assert.ok(most < 64 * MEBI, `${kind}: ${most} bytes`);
  daemon.kill('SIGTERM');
  const [status] = await within(ended, `the end beside a server that ${kind}`);
  assert.equal(status, 0, kind);
  assert.doesNotMatch(fs.readFileSync('/proc/self/mountinfo', 'utf8'), new RegExp(`${point} `), kind);
}

const kinds = [...serve.toString().matchAll(/^ {4}'([^']+)': \[/gm)].map(([, kind]) => kind);

async function standBeside(kind) {
  const worker = new Worker(`(${serve})()`, { eval: true, workerData: input(kind) });
  try {
    const [port] = await once(worker, 'message');
    const connection = `postgres://u:secret@127.0.0.1:${port}/db${/TLS/.test(kind) ? '?sslmode=require' : ''}`;
    await Promise.all([checkEnds(kind, connection), mountAnswersAndEnds(kind, connection)]);
  } finally {
    await worker.terminate();
  }
}

// Most of it is waiting: four at a time, and each is told of by a test of its own. Gives its error, if any.
const AT_ONCE = 4;
const outcomes = [];
for (const [i, kind] of kinds.entries()) {
  outcomes.push(Promise.resolve(outcomes[i - AT_ONCE]).then(() => standBeside(kind)).then(() => undefined, (error) => error));
  test(`beside a server that ${kind}, a mount answers and ends, and check ends`, async () => { assert.ifError(await outcomes[i]); });
}

// In a row of reads the question for the ledger alone is asked first, but for one read a second.
async function assertFewQuestions(database, count) {
  const READS = 30, point = makeFolder('mnt');
  const daemon = spawn(process.env.MIGFS, ['-f', database, '--poll=3600', source, point], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  await until(() => fs.existsSync(`${point}/README`), 'a mount');
  const before = count(), begun = Date.now();
  for (let i = 0; i < READS; i++) await within(promisify(execFile)('sync', [`${point}/problems`]), 'a sync');
  const most = READS + 1 + 2 * (2 + (Date.now() - begun) / 1000);
  assert.ok(count() - before >= READS && count() - before <= most, `${count() - before} questions, not at most ${most}`);
  daemon.kill('SIGTERM');
  assert.equal((await within(ended, 'the end'))[0], 0);
}

// An honest server that knows the ledger's own question alone: what else is asked with it gets that answer, too, which is none.
test('a server that answers the question of the ledger alone is read, and one that answers even that wrongly is not', async (t) => {
  const message = (kind, ...parts) => {
    const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
    const head = Buffer.alloc(5);
    head.write(kind);
    head.writeUInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const number = (value, bytes) => { const buffer = Buffer.alloc(bytes); buffer.writeIntBE(value, 0, bytes); return buffer; };
  const columns = (list) => message('T', number(list.length, 2), ...list.flatMap(([name, type]) =>
    [name, number(0, 4), number(0, 2), number(type, 4), number(-1, 2), number(-1, 4), number(0, 2)]));
  const row = (cells) => message('D', number(cells.length, 2), ...cells.flatMap((cell) =>
    (cell === null ? [number(-1, 4)] : [number(cell.length, 4), Buffer.from(cell)])));
  const done = (tag) => message('C', tag);
  const ready = message('Z', Buffer.from('I'));
  const answer = (sql, isWrong) => Buffer.concat([
    ...['BEGIN', 'SET', 'SET', 'SET', 'SET'].map(done),
    columns([['ledger', 2205], ['attname', 19], ['format_type', 25], ['a', 25], ['b', 20]].slice(0, isWrong ? 4 : 5)),
    ...[['id', 'integer'], ['hash', 'text'], ['created_at', 'bigint']].map((found) => row(['16400', ...found, null, null].slice(0, isWrong ? 4 : 5))),
    done('SELECT 3'),
    ...(sql.includes('LIMIT') ? [columns([['id', 25], ['hash', 25], ['created_at', 20], ['name', 25]]),
      row(['1', 'a'.repeat(64), '1700000000000', null]), done('SELECT 1')] : []),
    done('COMMIT'), ready]);
  let questions = 0;
  for (const isWrong of [false, true]) {
    const server = net.createServer((socket) => {
      let isGreeted = false;
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        if (!isGreeted && bytes.readUInt32BE(4) === 196608) {
          isGreeted = true;
          socket.write(Buffer.concat([message('R', number(0, 4)), message('S', 'client_encoding', 'UTF8'), ready]));
        } else if (!isGreeted) {
          socket.write('N');
        } else if (bytes[0] === 'Q'.charCodeAt(0)) {
          questions++;
          socket.write(answer(bytes.toString(), isWrong));
        }
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const database = `--database=postgres://u@127.0.0.1:${server.address().port}/db`;
    const child = spawn(process.env.MIGFS, ['check', database, source]);
    const ended = once(child, 'exit');
    const said = await text(child.stdout);
    await ended;
    if (!isWrong) await assertFewQuestions(database, () => questions);
    server.close();
    assert.equal(/database-unreadable/.test(said), isWrong, said);
  }
});
