// Lets each allocation of a refresh fail in turn in a mounted daemon, then many at once. What is shown must always be the view of the
// folder as it was or as it has become, as a whole, and once there is memory the newer one.
//
//     node memory.mjs MIGFS PRELOAD FOLDER MOUNTPOINT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [migfs, preload, folder, view] = process.argv.slice(2);
const patience = 60_000;

// ---- the plan that the daemon's allocator follows ----

const planFile = `${view}.plan`;
writeFileSync(planFile, Buffer.alloc(4096));
const plan = openSync(planFile, 'r+');

function tell(untilFailure, failures) {
    const numbers = Buffer.alloc(24);
    numbers.writeBigInt64LE(-1n, 0);
    numbers.writeBigInt64LE(BigInt(failures), 8);
    writeSync(plan, numbers, 0, 24, 0);
    numbers.writeBigInt64LE(BigInt(untilFailure), 0);
    writeSync(plan, numbers, 0, 8, 0);
}

function ask(position) {
    const number = Buffer.alloc(8);
    readSync(plan, number, 0, 8, position);
    return Number(number.readBigInt64LE(0));
}
const left = () => ask(0); // allocations before the one that fails
const failed = () => ask(16);

// Nothing is read from the mount meanwhile, so that every allocation is the refresh's: before the first it has not begun, however long that
// takes, and once none has come for a while it is over.
async function refreshFailsOrEnds(first) {
    let last = first;
    const begun = Date.now();
    for (let quietSince = begun; failed() === 0 && Date.now() - quietSince < 300; await sleep(2)) {
        if (left() !== last || last === first) quietSince = Date.now();
        last = left();
        assert.ok(last !== first || Date.now() - begun < patience, `no refresh within ${patience} ms`);
    }
}

// ---- two states of the folder, each reached by one rename ----

const entries = (tags) =>
    JSON.stringify({ version: '7', dialect: 'postgresql', entries: tags.map((tag, idx) => ({ idx, version: '7', when: 1000 * (idx + 1), tag, breakpoints: true })) }, null, 2);
const journals = [entries(['0000_step', '0001_step']), entries(['0000_step', '0002_step', '0003_step'])];
const journal = `${folder}/meta/_journal.json`;

function enter(state) {
    writeFileSync(`${folder}.journal`, journals[state]);
    renameSync(`${folder}.journal`, journal);
}

const shown = ['_journal.json', 'problems', 'summary', 'status.json', 'changes'];
const see = () => shown.map((file) => readFileSync(`${view}/${file}`, 'utf8')).join('\0');

function sync() {
    const descriptor = openSync(`${view}/problems`, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
}

// ---- the daemon ----

mkdirSync(view, { recursive: true });
tell(-1, 0);
enter(0);
const daemon = spawn(migfs, ['-f', '--no-database', folder, view], {
    env: { ...process.env, LD_PRELOAD: preload, MIGFS_TEST_PLAN: planFile },
    stdio: ['ignore', 'ignore', 'pipe'],
});
let said = '';
daemon.stderr.on('data', (bytes) => (said += bytes));
const ended = once(daemon, 'exit');

async function until(what, isTrue) {
    for (const end = Date.now() + patience; !isTrue(); await sleep(2)) {
        assert.ok(Date.now() < end, `${what}: not within ${patience} ms\n${said}`);
        assert.equal(daemon.exitCode ?? daemon.signalCode, null, `the daemon ended: ${said}`);
    }
}

await until('the mount', () => said.includes('is mounted on'));
sync();
const views = [see()];
enter(1);
sync();
views.push(see());
assert.notEqual(views[0], views[1]);

// Each file alone is of one of the two states; a reader who opens several may see the change between them.
function check(what) {
    shown.forEach((file, index) => {
        const bytes = readFileSync(`${view}/${file}`, 'utf8');
        assert.ok(views.some((one) => one.split('\0')[index] === bytes), `${what}: ${file} is of neither state:\n${bytes}`);
    });
}

// ---- one allocation after the other ----

let state = 1;
let at = 0;
let failures = 0;
for (let fruitless = 0; fruitless < 3; at++) {
    tell(at, 1);
    state = 1 - state;
    enter(state);
    // The refresh hears of it by itself. It fails, or it was over before it came to this allocation.
    await refreshFailsOrEnds(at);
    fruitless = failed() > 0 ? 0 : fruitless + 1;
    failures += failed();
    tell(-1, 0);
    check(`allocation ${at}`);
    sync();
    assert.equal(see(), views[state], `allocation ${at}: the view is not right once there is memory`);
    if (failures > 0 && fruitless === 0) console.log(`fault: allocation ${at} of a refresh fails`);
}
console.log(`figure: ${failures} refreshes failed by one allocation each, of about ${at}`);
assert.ok(failures > 10, `only ${failures} allocations failed`);

// ---- no memory at all ----

for (let round = 0; round < 3; round++) {
    console.log('fault: no memory at all for a while');
    see();
    tell(0, 1_000_000_000);
    state = 1 - state;
    enter(state);
    await until('a refresh without memory', () => failed() > 1);
    spawnSync('sh', ['-c', 'ls -lR "$1"; cat "$1"/status/*', 'sh', view], { stdio: 'ignore' }); // may fail, not hang nor crash
    tell(-1, 0);
    sync();
    assert.equal(see(), views[state], 'the view is not right once there is memory again');
}

daemon.kill('SIGTERM');
const [code, signal] = await ended;
assert.equal(code, 0, `the daemon ended with ${code ?? signal}: ${said}`);
closeSync(plan);
rmSync(planFile);
