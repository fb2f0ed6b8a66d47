// `migfs fix` ended, or met by another process, at each of the system calls by which it writes; and on disks that do not take what it writes.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after as afterwards, test } from 'node:test';

const { MIGFS, FIX_AT, SCRATCH } = process.env;
const LEFT = /^_.*\.migfs-new$/;
const options = ['fix', '--no-database', '--all-snapshots'];

// ---- a folder that lacks a snapshot in the middle, two at its end, and an entry of its journal ----
// The one behind that in the middle follows the one before it, as drizzle-kit makes it after a migration written by hand: were the missing one
// written first, both would have one parent.

const tags = ['0000_a', '0001_b', '0002_c', '0003_d', '0004_e'];
const column = { name: 'x', type: 'integer', primaryKey: false, notNull: false };
const table = (name) => ({ name, schema: '', columns: { x: column }, indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false });
const meta = (folder) => path.join(folder, 'meta');

function snapshot(id, prevId, names) {
    const none = { enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {} };
    const tables = Object.fromEntries(names.map((name) => [`public.${name}`, table(name)]));
    return JSON.stringify({ id, prevId, version: '7', dialect: 'postgresql', tables, ...none, _meta: { columns: {}, schemas: {}, tables: {} } }, null, 2);
}

function make(folder) {
    fs.mkdirSync(meta(folder), { recursive: true });
    for (const tag of tags) fs.writeFileSync(path.join(folder, `${tag}.sql`), `CREATE TABLE "${tag.slice(5)}" (\n\t"x" integer\n);\n`);
    const entries = tags.slice(0, 4).map((tag, idx) => ({ idx, version: '7', when: 1700000000000 + idx * 60000, tag, breakpoints: true }));
    fs.writeFileSync(path.join(meta(folder), '_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2));
    const [first, third] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000003'];
    fs.writeFileSync(path.join(meta(folder), '0000_snapshot.json'), snapshot(first, '00000000-0000-0000-0000-000000000000', ['a']));
    fs.writeFileSync(path.join(meta(folder), '0002_snapshot.json'), snapshot(third, first, ['a', 'b', 'c']));
    return folder;
}

const contents = (folder) => Object.fromEntries(fs.readdirSync(meta(folder)).sort().map((name) => [name, fs.readFileSync(path.join(meta(folder), name), 'utf8')]));
const run = (program, args, rest = {}) => spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, ...rest });
const fix = (folder, rest) => run(MIGFS, [...options, folder], rest);

const before = contents(make(path.join(SCRATCH, 'before')));
const repaired = make(path.join(SCRATCH, 'repaired'));
assert.equal(fix(repaired).status, 0);
const after = contents(repaired);
assert.deepEqual(Object.keys(after).map((name) => name.slice(0, 4)), ['0000', '0001', '0002', '0003', '0004', '_jou']);

// Each file is as it was or as it is to be, the journal comes last, and no two snapshots have one id or one parent, which stops drizzle-kit.
function assertBetween(folder, where) {
    const now = contents(folder);
    for (const name of Object.keys(now).filter((it) => LEFT.test(it))) delete now[name];
    for (const [name, text] of Object.entries(now)) assert.ok(text === before[name] || text === after[name], `${name} ${where}`);
    for (const name of Object.keys(before)) assert.ok(name in now, `${name} is gone ${where}`);
    if (now['_journal.json'] === after['_journal.json']) assert.deepEqual(now, after, where);
    const heads = Object.entries(now).filter(([name]) => name !== '_journal.json').map(([, text]) => JSON.parse(text));
    for (const key of ['id', 'prevId']) assert.equal(new Set(heads.map((head) => head[key])).size, heads.length, `${key} ${where}`);
}

function assertCompletes(folder, where) {
    const { status, stderr } = fix(folder);
    assert.equal(status, 0, `${stderr} ${where}`);
    assert.deepEqual(contents(folder), after, where);
}

// All that a run finds: many calls leave what the one before them left.
const found = (folder) => JSON.stringify([contents(folder), Object.keys(contents(folder)).map((name) => {
    const { mode, uid, gid, nlink } = fs.lstatSync(path.join(meta(folder), name));
    return [mode, uid, gid, nlink];
})]);

// ---- ended ----

test('ended at any call it leaves each file before or after, and another run completes it', (t) => {
    const folder = path.join(SCRATCH, 'ended');
    const completed = new Set();
    let ended = 0, halfway = 0;
    for (let call = 1; ; call++) {
        make(folder);
        const { status } = run(FIX_AT, [String(call), MIGFS, ...options, folder]);
        const now = contents(folder);
        if (status === 100) {
            assert.deepEqual(now, after);
            break;
        }
        assert.equal(status, 137);
        ended++;
        assertBetween(folder, `at call ${call}`);
        if (JSON.stringify(now) !== JSON.stringify(before) && JSON.stringify(now) !== JSON.stringify(after)) halfway++;
        const left = found(folder);
        if (!completed.has(left)) {
            completed.add(left);
            assertCompletes(folder, `after call ${call}`);
            assert.equal(fix(folder).stdout, '');
        }
        fs.rmSync(folder, { recursive: true });
    }
    t.diagnostic(`ended at ${ended} calls, half-way at ${halfway} of them, which left ${completed.size} different states`);
    assert.ok(ended > 50 && halfway > 30, `${ended} calls, ${halfway} of them half-way`);
});

test('what a run has left goes with the next, even where that has nothing to write', () => {
    const folder = path.join(SCRATCH, 'left');
    fs.cpSync(repaired, folder, { recursive: true });
    fs.writeFileSync(path.join(meta(folder), '_0009_snapshot.json.migfs-new'), '{');
    assert.deepEqual([fix(folder).status, contents(folder)], [0, after]);
});

// ---- another process ----

test('what another process writes at any call stays', () => {
    const folder = path.join(SCRATCH, 'met');
    const theirs = { '_journal.json': before['_journal.json'].replace('"version": "7"', '"version": "7", "x": 1'), '0002_snapshot.json': before['0002_snapshot.json'].replace('"version"', '"x": 1,\n  "version"'), '0003_snapshot.json': 'theirs' };
    const ready = path.join(SCRATCH, 'theirs'); // on the same file system, so that each comes as a whole
    fs.mkdirSync(ready);
    const command = `exec mv ${Object.keys(theirs).map((name) => `'${ready}/${name}'`).join(' ')} '${meta(folder)}'`;
    let refused = 0;
    for (let call = 1; ; call++) {
        make(folder);
        for (const [name, text] of Object.entries(theirs)) fs.writeFileSync(path.join(ready, name), text);
        const { status } = run(FIX_AT, ['-c', command, String(call), MIGFS, ...options, folder]);
        if (status === 100) break;
        assert.ok(status === 0 || status === 1, `status ${status} at call ${call}`);
        refused += status;
        const now = contents(folder);
        for (const [name, text] of Object.entries(theirs)) assert.equal(now[name], text, `${name} at call ${call}`);
        fs.rmSync(folder, { recursive: true });
    }
    assert.ok(refused > 30, `${refused} times`);
});

// ---- a disk that does not take it ----

test('a full disk keeps what it has, and another run completes it', (t) => {
    const place = path.join(SCRATCH, 'full');
    fs.mkdirSync(place);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', place]);
    afterwards(() => run('umount', [place]));
    const folder = path.join(place, 'drizzle'), filler = path.join(place, 'filler');
    let failed = 0;
    for (let free = 0; ; free += 4096) {
        make(folder);
        try {
            fs.writeFileSync(filler, Buffer.alloc(1 << 21));
        } catch (error) {
            assert.equal(error.code, 'ENOSPC');
        }
        fs.truncateSync(filler, Math.max(0, fs.statSync(filler).size - free));
        const { status, stderr } = fix(folder);
        if (status === 0) break;
        failed++;
        assert.equal(status, 2);
        assert.match(stderr, /^migfs: error: (there is no room for the new|no new file can be made beside) \S+: No space left on device\n$/);
        assertBetween(folder, `with ${free} bytes free`);
        assert.ok(!Object.keys(contents(folder)).some((name) => LEFT.test(name)));
        fs.rmSync(filler);
        assertCompletes(folder, `with ${free} bytes free`);
        fs.rmSync(folder, { recursive: true });
    }
    t.diagnostic(`failed with ${failed} sizes`);
    assert.ok(failed >= 3);
    fs.rmSync(filler, { force: true });
    fs.rmSync(folder, { recursive: true });
    make(folder);
    execFileSync('mount', ['-o', 'remount,ro', place]);
    const { status, stderr } = fix(folder);
    assert.equal(status, 2);
    assert.match(stderr, /Read-only file system\n$/);
    assert.deepEqual(contents(folder), before);
});

test('without permission nothing changes, and the file is named', () => {
    const folder = make(path.join(SCRATCH, 'closed'));
    const { status, stderr } = run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', MIGFS, ...options, folder]);
    assert.equal(status, 2);
    assert.match(stderr, /no new file can be made beside 0002_snapshot\.json: Permission denied\n$/);
    assert.deepEqual(contents(folder), before);
});

// ---- what stands at the names ----

test('owner and mode of a snapshot whose parent changes stay, and so does what a hard link of it holds', () => {
    const folder = make(path.join(SCRATCH, 'owned'));
    const files = ['0002_snapshot.json', '_journal.json'].map((name) => path.join(meta(folder), name));
    files.forEach((file, i) => {
        fs.linkSync(file, path.join(SCRATCH, `linked-${i}`));
        fs.chownSync(file, 12345, 54321);
        fs.chmodSync(file, 0o640);
    });
    assert.equal(fix(folder).status, 0);
    assert.deepEqual(contents(folder), after);
    files.forEach((file, i) => {
        const { uid, gid, mode } = fs.statSync(file);
        assert.deepEqual([uid, gid, mode & 0o777], [12345, 54321, 0o640]);
        assert.equal(fs.readFileSync(path.join(SCRATCH, `linked-${i}`), 'utf8'), before[path.basename(file)]);
    });
});

test('a link where a snapshot is to be stays as it is', () => {
    for (const target of ['nowhere', path.join(SCRATCH, 'outside.json')]) {
        const folder = make(path.join(SCRATCH, 'link'));
        fs.writeFileSync(path.join(SCRATCH, 'outside.json'), 'outside');
        fs.symlinkSync(target, path.join(meta(folder), '0003_snapshot.json'));
        const { status } = fix(folder);
        assert.notEqual(status, 0);
        assert.equal(fs.readlinkSync(path.join(meta(folder), '0003_snapshot.json')), target);
        assert.equal(fs.readFileSync(path.join(SCRATCH, 'outside.json'), 'utf8'), 'outside');
        fs.rmSync(folder, { recursive: true });
    }
});

test('what stands at the name of the new file is neither followed nor written', () => {
    const outside = path.join(SCRATCH, 'beside');
    const kinds = { link: (name) => fs.symlinkSync(outside, name), 'hard link': (name) => fs.linkSync(outside, name), pipe: (name) => execFileSync('mkfifo', [name]), folder: (name) => fs.mkdirSync(name) };
    for (const [kind, put] of Object.entries(kinds)) {
        const folder = make(path.join(SCRATCH, 'stands'));
        fs.writeFileSync(outside, 'outside');
        put(path.join(meta(folder), '_0002_snapshot.json.migfs-new'));
        const { status, stderr } = fix(folder, { timeout: 20_000 });
        assert.ok(status === 1 || status === 2, `${kind}: ${status}`);
        assert.match(stderr, /0002_snapshot\.json/, kind);
        assert.equal(fs.readFileSync(outside, 'utf8'), 'outside', kind);
        fs.rmSync(folder, { recursive: true });
    }
});
