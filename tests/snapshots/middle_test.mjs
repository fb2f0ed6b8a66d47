// Snapshots that are missing before a later one: `migfs fix --all-snapshots` makes them, and the real `drizzle-kit up` to v1 takes the folder.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { randomOf } from './history.mjs';
import { MIGFS, MIGFS_V1_MODULES, SCRATCH, fix, kit, makeProject, read, run, snapshotsOf, withoutIds } from './lib.mjs';
import { make } from './make.mjs';

const STEPS = 60;
const meta = (folder, name) => path.join(folder, 'meta', name);
const take = (folder, names) => names.forEach((name) => fs.rmSync(meta(folder, name)));
const upgrade = (folder) => JSON.parse(run(MIGFS, ['print', '--no-database', folder, 'status.json']).stdout).upgrade;

// The real conversion to v1: how it ended, and what it said.
function up(folder) {
    const { status, stdout, stderr } = run(path.join(MIGFS_V1_MODULES, '.bin', 'drizzle-kit'), ['up', '--dialect=postgresql', `--out=${path.basename(folder)}`], { cwd: path.dirname(folder) });
    return { isTaken: status === 0 && stdout.includes("Everything's fine"), said: stdout + stderr };
}

function copyOf(folder, name) {
    const copy = path.join(SCRATCH, name, 'drizzle');
    fs.cpSync(folder, copy, { recursive: true });
    return copy;
}

const history = path.join(SCRATCH, 'middle');

test(`a history of ${STEPS} steps is one that drizzle-kit up takes`, async () => {
    await make(history, 11, STEPS);
    const { isTaken, said } = up(copyOf(history, 'whole'));
    assert.ok(isTaken, said);
});

test('without half of its snapshots, the first among them, drizzle-kit up refuses it, and takes it after fix --all-snapshots', () => {
    const names = snapshotsOf(history);
    const random = randomOf(3);
    const gone = names.filter((name, i) => i === 0 || (i < names.length - 1 && random(2) === 0));
    const refused = copyOf(history, 'gone');
    take(refused, gone);
    assert.equal(up(refused).isTaken, false);

    const folder = copyOf(history, 'half');
    take(folder, gone);
    const said = upgrade(folder).kit;
    assert.equal(said.length, gone.length);
    for (const { code, sentence } of said) {
        assert.equal(code, 'no-snapshot');
        assert.match(sentence, /is missing; `migfs fix --all-snapshots` makes it from the SQL$/);
    }
    const without = fix(folder);
    assert.deepEqual([without.status, without.stdout, snapshotsOf(folder).length], [0, '', names.length - gone.length]);
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(snapshotsOf(folder), names);
    let before = '00000000-0000-0000-0000-000000000000';
    for (const name of names) {
        const is = read(folder, name), was = read(history, name);
        assert.deepEqual(withoutIds(is), withoutIds(was), name);
        assert.equal(is.prevId, before);
        assert.equal(is.id[14], gone.includes(name) ? '8' : was.id[14]);
        before = is.id;
    }
    // Of those that were there one line alone has changed, and only where the one before was made.
    for (const name of names.filter((it) => !gone.includes(it))) {
        const [is, was] = [folder, history].map((it) => fs.readFileSync(meta(it, name), 'utf8').split('\n'));
        const changed = is.filter((line, i) => line !== was[i]).map((line) => line.slice(0, 12));
        assert.deepEqual(changed, gone.includes(names[names.indexOf(name) - 1]) ? ['  "prevId": '] : [], name);
    }
    assert.equal(fix(folder, '--all-snapshots').stdout, '');
    assert.deepEqual(upgrade(folder).kit, []);
    const after = up(folder);
    assert.ok(after.isTaken, after.said);
});

test('both kinds are written at once, and drizzle-kit 0.x is content with them', () => {
    const project = makeProject('middle-command');
    const folder = path.join(project, 'drizzle');
    fs.cpSync('tests/fixtures/incident', folder, { recursive: true });
    take(folder, ['0008_snapshot.json', '0009_snapshot.json']);
    const said = upgrade(folder).kit.map(({ tag, sentence }) => [tag.slice(0, 4), /`(.*)`/.exec(sentence)[1]]);
    assert.deepEqual(said, [['0008', 'migfs fix --all-snapshots'], ['0009', 'migfs fix --all-snapshots'],
        ...['0014', '0015', '0016', '0017', '0018'].map((number) => [number, 'migfs fix'])]);
    assert.equal(fix(folder, '--all-snapshots').status, 0);
    assert.match(kit(project, 'check'), /Everything's fine/);
    assert.deepEqual(upgrade(folder).kit, []);
    const { isTaken, said: text } = up(folder);
    assert.ok(isTaken, text);
});

test('what cannot be made is named, the rest is written, and the status is 1', () => {
    const folder = copyOf('tests/fixtures/incident', 'blocked');
    take(folder, ['0003_snapshot.json', '0008_snapshot.json']);
    fs.appendFileSync(path.join(folder, '0003_misty_sabretooth.sql'), "\n--> statement-breakpoint\nDO $$ BEGIN EXECUTE 'select 1'; END $$;");
    const why = '0003_misty_sabretooth stands in the way, line 19: a DO block with execute does what only running it would show';
    assert.equal(upgrade(folder).kit[0].sentence, `meta/0003_snapshot.json is missing; restore it from git, since it cannot be made from the SQL: ${why}`);
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.deepEqual([status, stderr], [1, `migfs: error: not all snapshots: ${why}\n`]);
    assert.deepEqual(['0003', '0008'].map((number) => snapshotsOf(folder).includes(`${number}_snapshot.json`)), [false, true]);
    assert.deepEqual(upgrade(folder).kit.map(({ tag }) => tag), ['0003_misty_sabretooth']);
});

test('SQL that was edited since does not give the next snapshot, and the difference is named', () => {
    const folder = copyOf('tests/fixtures/incident', 'edited');
    take(folder, ['0002_snapshot.json']);
    fs.appendFileSync(path.join(folder, '0002_stale_madripoor.sql'), '\n--> statement-breakpoint\nALTER TABLE "users" ADD COLUMN "icon" text;');
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.equal(status, 1);
    assert.match(stderr, /for 0002_stale_madripoor none can be made: the SQL gives another schema than meta\/0003_snapshot\.json has: tables\.public\.users\.columns\.icon is only in what the SQL gives\n$/);
});
