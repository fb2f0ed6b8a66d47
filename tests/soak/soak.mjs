// A daemon, 16 readers, and a world that changes all the time. The world goes round a ring of states, each step one atomic change of one
// thing: a file, the journal or the ledger. After each step the writer waits for `fsync` on a file of the view, which promises that the view is
// of the new state; so at any moment two journals at most are right, that of the last state promised and that of the step under way. Every
// `_journal.json` that is read must be one of those that were right between the beginning and the end of the reading.
//
//     node soak.mjs MIGFS SCRATCH DATABASE-URI SECONDS
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fsync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

const [migfs, scratch, uri, secondsGiven] = process.argv.slice(2);
const { Client } = createRequire(`${process.env.MIGFS_TEST_NODE}/`)('pg');
const seconds = Number(secondsGiven);
const source = `${scratch}/drizzle`;
const view = `${scratch}/mnt`;
mkdirSync(`${source}/meta`, { recursive: true });
mkdirSync(view);

// ---- the ring of states ----

const tags = ['0000_users', '0001_teams', '0002_roles', '0003_audit', '0004_keys', '0005_late'];
const stamp = (index) => 1_700_000_000_000 + index * 100_000;
// One of them is larger than what is kept in memory, so it is read once more for a view.
const linesOf = (tag) => (tag === '0003_audit' ? 100_000 : 200);
const text = (tag, edition = 1) => `create table "${tag}" (id int); -- edition ${edition}\n${`-- ${tag}\n`.repeat(linesOf(tag))}`;
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

function put(name, bytes) {
    writeFileSync(`${scratch}/new`, bytes);
    renameSync(`${scratch}/new`, `${source}/${name}`);
}
const putFile = (tag, edition) => Object.assign(() => put(`${tag}.sql`, text(tag, edition)), { putsSql: true });
const removeFile = (tag) => () => rmSync(`${source}/${tag}.sql`);
const putJournal = (count) => () =>
    put('meta/_journal.json', JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: tags.slice(0, count).map((tag, idx) => ({ idx, version: '7', when: stamp(idx), tag, breakpoints: true })),
    }, null, 2));
const tearJournal = () => put('meta/_journal.json', '{\n  "version": "7",\n  "entries": [\n    {"idx": 0, "wh');

const client = new Client({ connectionString: uri });
client.on('error', () => {});
await client.connect();
const table = 'drizzle.__drizzle_migrations';
await client.query(`create schema drizzle; create table ${table} (id serial primary key, hash text not null, created_at bigint)`);
const putRow = (index) => () => client.query(`insert into ${table} (hash, created_at) values ($1, $2)`, [hash(text(tags[index])), stamp(index)]);
const removeRow = (index) => () => client.query(`delete from ${table} where created_at = $1`, [stamp(index)]);
const nullRow = () => client.query(`insert into ${table} (hash) values ('nobody')`);
const removeNullRow = () => client.query(`delete from ${table} where created_at is null`);

for (const tag of tags.slice(0, 4)) putFile(tag)();
putJournal(3)();
await putRow(0)();
await putRow(1)();

// From the state before to this one; the last step leads back to the first state.
const steps = [
    putFile('0004_keys'), // unlisted
    putRow(2),
    putJournal(4),
    putFile('0003_audit', 2), // edited before it ran
    putFile('0003_audit'),
    putRow(3),
    putJournal(5),
    putFile('0005_late'),
    tearJournal, // the journal is refused: 0005_late has no row that could vouch for it
    putJournal(5),
    nullRow, // and here
    removeNullRow,
    putFile('0001_teams', 2), // edited after it ran
    putFile('0001_teams'),
    removeFile('0005_late'),
    removeRow(3),
    putJournal(3),
    removeRow(2),
    removeFile('0004_keys'),
];

// What the view must serve in each state; null: a refusal. Asked of the program without a mount, one state at a time.
function rightJournal() {
    try {
        return execFileSync(migfs, ['print', `--database=${uri}`, source, '_journal.json'], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
    } catch {
        return null;
    }
}
const right = [];
for (const step of steps) {
    await step();
    right.push(rightJournal());
}
assert.deepEqual(steps.filter((_, index) => right[index] === null), [tearJournal, nullRow], 'just these states are refused');
assert.ok(new Set(right).size >= 6, 'the states differ');

// ---- the daemon ----

const daemon = spawn(migfs, ['-f', '--poll=0.1', `--database=${uri}`, source, view], { stdio: ['ignore', 'ignore', 'pipe'] });
let said = '';
daemon.stderr.on('data', (bytes) => (said += bytes));
const ended = once(daemon, 'exit');
const isDead = () => daemon.exitCode ?? daemon.signalCode;
while (!said.includes('is mounted on')) {
    assert.equal(isDead(), null, said);
    await new Promise((resolve) => setTimeout(resolve, 10));
}

function size() {
    const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
    return {
        kilobytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]),
        descriptors: readdirSync(`/proc/${daemon.pid}/fd`).length,
        threads: Number(/^Threads:\s+(\d+)/m.exec(status)[1]),
    };
}

// ---- the writer ----

const fsyncAsync = promisify(fsync);
async function synced() {
    const descriptor = openSync(`${view}/README`, 'r');
    await fsyncAsync(descriptor);
    closeSync(descriptor);
}

// [0]: steps begun, [1]: steps whose state is promised, [2]: time to end, [3]: journals read, [4]: of them refusals
const shared = new Int32Array(new SharedArrayBuffer(20));
const failures = [];
let rounds = 0;
async function round() {
    for (const step of steps) {
        Atomics.add(shared, 0, 1);
        await step();
        await synced();
        Atomics.store(shared, 1, shared[0]);
    }
    rounds++;
}

// ---- the readers ----

// Of journals: each reading is judged by what was right meanwhile.
function readJournals() {
    return new Worker(new URL('./reader.mjs', import.meta.url), { workerData: { shared, right, view, putsSql: steps.map((step) => Boolean(step.putsSql)) } });
}

// Of everything, in the ways of the shell. A name may go between its listing and its opening, and a refused journal says so; nothing
// else may be said. cp compares the number of what it opened with the number of what it was told of before: each version of a file has its
// own, so of a file that changed in between it says so and leaves it out. Of one that never changes it must not.
const due = [/No such file or directory/, /_journal\.json: Input\/output error/, /_journal\.json.*Input\/output error/,
    /File removed before we read it/, /file changed as we read it/, /^cp: skipping file '.*\/(?!README|0000_users\.sql|0002_roles\.sql)[^/]+', as it was replaced while being copied$/,
    /Exiting with failure status due to previous errors/, /Error exit delayed from previous errors/,
    // A file that is not kept in memory cannot be read on once it has changed. tar takes an error within a block for the end of the file.
    /0003_audit\.sql.*Input\/output error/, /0003_audit\.sql: File shrank by \d+ bytes; padding with zeros/];
const commands = [
    'cat "$1"/status/* "$1"/problems "$1"/summary | wc -c >/dev/null',
    'cat "$1"/state/*/* "$1"/databases/*/* 2>&1 >/dev/null | grep -v "Is a directory" >&2',
    'grep -r "^state: " "$1"/status "$1"/state | wc -l >/dev/null',
    'find "$1" -type f -printf "%s %p\\n" | wc -l >/dev/null',
    'tar -cf - -C "$1" . | wc -c >/dev/null',
    'rm -rf "$2" && cp -r "$1" "$2"',
];
let runs = 0;
async function readByShell(number) {
    const command = commands[number % commands.length];
    while (!Atomics.load(shared, 2)) {
        const reader = spawn('sh', ['-c', command, 'sh', view, `${scratch}/copy${number}`], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
        let complaint = '';
        reader.stderr.on('data', (bytes) => (complaint += bytes));
        await once(reader, 'close');
        runs++;
        for (const line of complaint.split('\n').filter(Boolean)) {
            if (!due.some((pattern) => pattern.test(line))) failures.push(`${command}: ${line}`);
        }
    }
}

await round();
const workers = [1, 2, 3, 4].map(readJournals);
for (const worker of workers) worker.on('message', (failure) => failures.push(failure)).on('error', (error) => failures.push(String(error.stack)));
const workersEnded = workers.map((worker) => once(worker, 'exit')); // one that has found a failure ends at once
const shells = Array.from({ length: 12 }, (_, number) => readByShell(number));
for (let warm = 0; warm < 2; warm++) await round();
const before = size();
const begun = Date.now();
while (Date.now() - begun < seconds * 1000 && isDead() === null && failures.length === 0) await round();
const after = size();
Atomics.store(shared, 2, 1);
await Promise.all([...shells, ...workersEnded]);
// A read of the database that is under way has descriptors of its own.
let atRest = size();
for (let tries = 0; tries < 200 && atRest.descriptors > before.descriptors; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    atRest = size();
}

console.log(`figure: ${rounds} rounds of ${steps.length} changes; ${shared[3]} journals read, ${shared[4]} of them refused as they should be; ${runs} runs of cat, grep, find, tar and cp`);
console.log(`figure: the daemon: ${before.kilobytes} kB and ${before.descriptors} descriptors when warm, ${after.kilobytes} kB and ${after.descriptors} at the end, ${atRest.descriptors} at rest`);

// ---- the end ----

await client.end();
assert.equal(isDead(), null, `the daemon ended: ${isDead()} ${said}`);
execFileSync('sh', ['-c', 'fusermount3 -u "$1" || umount "$1"', 'sh', view]);
const [code, signal] = await ended;
assert.equal(code, 0, `the daemon ended with ${code ?? signal}: ${said}`);
assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(view), 'the mount is left');
assert.deepEqual(failures.slice(0, 10), []);
assert.ok(shared[3] > 100, `only ${shared[3]} journals were read`);
assert.ok(atRest.descriptors <= before.descriptors, `descriptors grew from ${before.descriptors} to ${atRest.descriptors}`);
// What the allocator keeps between rounds wavers by some megabytes; a leak of one view in each round would be far more.
assert.ok(after.kilobytes < before.kilobytes + 16 * 1024, `memory grew from ${before.kilobytes} to ${after.kilobytes} kB`);
assert.equal(said.split('\n').filter((line) => line && !line.includes('is mounted on')).join('\n'), '');
