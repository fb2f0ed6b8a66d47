// Snapshots that are missing before a later one: `migfs fix --all-snapshots` makes them, and the real `drizzle-kit up` to v1 takes the folder.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { convert, stopConverting } from '../v1/convert.mjs';
import { randomOf } from './history.mjs';
import { MIGFS, SCRATCH, fix, generate, kit, makeProject, read, run, snapshotsOf, spread, withoutIds } from './lib.mjs';
import { make } from './make.mjs';

const STEPS = 60;
const meta = (folder, name) => path.join(folder, 'meta', name);
const take = (folder, names) => names.forEach((name) => fs.rmSync(meta(folder, name)));
const upgrade = (folder) => JSON.parse(run(MIGFS, ['print', '--no-database', folder, 'status.json']).stdout).upgrade;

// The real conversion to v1: how it ended, and what it said.
async function up(folder) {
    const { isTaken, text } = await convert(folder);
    return { isTaken, said: text };
}

after(stopConverting);

function copyOf(folder, name) {
    const copy = path.join(SCRATCH, name, 'drizzle');
    fs.cpSync(folder, copy, { recursive: true });
    return copy;
}

const history = path.join(SCRATCH, 'middle');

test(`a history of ${STEPS} steps is one that drizzle-kit up takes`, async () => {
    await make(history, 11, STEPS);
    const { isTaken, said } = await up(copyOf(history, 'whole'));
    assert.ok(isTaken, said);
});

test('without half of its snapshots, the first among them, drizzle-kit up refuses it, and takes it after fix --all-snapshots', async () => {
    const names = snapshotsOf(history);
    const random = randomOf(3);
    const gone = names.filter((name, i) => i === 0 || (i < names.length - 1 && random(2) === 0));
    const refused = copyOf(history, 'gone');
    take(refused, gone);
    assert.equal((await up(refused)).isTaken, false);

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
    const converted = await up(folder);
    assert.ok(converted.isTaken, converted.said);
});

test('a snapshot whose parent is not there is made to follow the one before, where its SQL does, and drizzle-kit up takes the folder', async () => {
    const names = snapshotsOf(history);
    const folder = copyOf(history, 'lost');
    const relink = (name, prevId) => fs.writeFileSync(meta(folder, name), fs.readFileSync(meta(folder, name), 'utf8').replace(/"prevId": "[^"]*"/, `"prevId": "${prevId}"`));
    const lost = [names[7], names[20], names[21]];
    lost.forEach((name, i) => relink(name, `00000000-0000-4000-8000-0000000000d${i}`));
    assert.equal((await up(copyOf(folder, 'lost-before'))).isTaken, false);
    assert.deepEqual(upgrade(folder).kit.map(({ code, tag }) => [code, tag.slice(0, 4)]), lost.map((name) => ['no-parent', name.slice(0, 4)]));
    for (const { sentence } of upgrade(folder).kit) assert.match(sentence, /; `migfs fix --all-snapshots` has it follow the one before, as the SQL does$/);
    assert.equal(fix(folder).stdout, '');
    const { status, stdout, stderr } = fix(folder, '--all-snapshots');
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout.match(/: its prevId, and nothing else$/gm).length, lost.length);
    for (const name of names) assert.equal(fs.readFileSync(meta(folder, name), 'utf8'), fs.readFileSync(meta(history, name), 'utf8'), name);
    const converted = await up(folder);
    assert.ok(converted.isTaken, converted.said);
});

test('a parent that is not there stays so where the SQL says otherwise, and the difference is named', () => {
    const folder = copyOf('tests/fixtures/incident', 'lost-otherwise');
    const file = meta(folder, '0003_snapshot.json');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"prevId": "[^"]*"/, '"prevId": "00000000-0000-4000-8000-0000000000dd"'));
    fs.appendFileSync(path.join(folder, '0003_misty_sabretooth.sql'), '\n--> statement-breakpoint\nALTER TABLE "users" ADD COLUMN "icon" text;');
    const before = fs.readFileSync(file, 'utf8');
    assert.match(upgrade(folder).kit.find(({ code }) => code === 'no-parent').sentence,
        /; restore that one from git, since it does not follow the one before by the SQL: the SQL gives another schema than meta\/0003_snapshot\.json has: tables\.public\.users\.columns\.icon is only in what the SQL gives$/);
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.equal(status, 1);
    assert.match(stderr, /not all snapshots: for 0003_misty_sabretooth none can be made: the SQL gives another schema/);
    assert.equal(fs.readFileSync(file, 'utf8'), before);
});

// What is made at once is limited, and a gap is made as a whole or not at all.
test('a gap of more than 16 MiB is not made, and that is said', () => {
    const folder = path.join(SCRATCH, 'large', 'drizzle');
    fs.mkdirSync(path.join(folder, 'meta'), { recursive: true });
    const column = (name) => [name, { name, type: 'text', primaryKey: false, notNull: false }];
    const table = (name, columns) => ({ name, schema: '', columns: Object.fromEntries(columns.map(column)), indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false });
    const wide = Array.from({ length: 15 }, (_, i) => `c${i}`), many = Array.from({ length: 1200 }, (_, i) => `t${i}`);
    const none = { enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {} };
    const snapshot = (id, prevId, columns) => JSON.stringify({ id, prevId, version: '7', dialect: 'postgresql', tables: Object.fromEntries([...many.map((name) => [`public.${name}`, table(name, wide)]), ['public.t', table('t', columns)]]), ...none, _meta: { columns: {}, schemas: {}, tables: {} } }, null, 2);
    const STEPS = 9, ids = (i) => `00000000-0000-4000-8000-00000000000${i}`;
    const entries = [];
    for (let i = 0; i <= STEPS; i++) {
        const tag = `000${i}_step`;
        fs.writeFileSync(path.join(folder, `${tag}.sql`), i === 0 ? '-- 1,201 tables' : `ALTER TABLE "t" ADD COLUMN "d${i}" text;`);
        entries.push({ idx: i, version: '7', when: 1700000000000 + i * 60_000, tag, breakpoints: true });
    }
    fs.writeFileSync(meta(folder, '_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2));
    const added = (to) => ['id', ...Array.from({ length: to }, (_, i) => `d${i + 1}`)];
    fs.writeFileSync(meta(folder, '0000_snapshot.json'), snapshot(ids(0), '00000000-0000-0000-0000-000000000000', added(0)));
    fs.writeFileSync(meta(folder, `000${STEPS}_snapshot.json`), snapshot(ids(9), ids(8), added(STEPS)));
    const { status, stdout, stderr } = fix(folder, '--all-snapshots');
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /not all snapshots: for 000\d_step none can be made: it and those after it are more than the 16 MiB of snapshots made at once\n$/);
    assert.equal(snapshotsOf(folder).length, 2);
    assert.match(upgrade(folder).kit[0].sentence, /; restore it from git, since it cannot be made from the SQL: it and those after it are more than the 16 MiB/);

    // With those of its middle restored, each part has room.
    for (const i of [3, 6]) fs.writeFileSync(meta(folder, `000${i}_snapshot.json`), snapshot(ids(i), ids(i - 1), added(i)));
    const runs = [fix(folder, '--all-snapshots'), fix(folder, '--all-snapshots'), fix(folder, '--all-snapshots')];
    assert.equal(runs.at(-1).status, 0, runs.map((it) => it.stderr).join());
    assert.deepEqual([snapshotsOf(folder).length, upgrade(folder).kit], [STEPS + 1, []]);
});

test('both kinds are written at once, and drizzle-kit 0.x is content with them', async () => {
    const project = makeProject('middle-command');
    const folder = path.join(project, 'drizzle');
    fs.cpSync('tests/fixtures/incident', folder, { recursive: true });
    take(folder, ['0008_snapshot.json', '0009_snapshot.json']);
    const said = upgrade(folder).kit.map(({ tag, sentence }) => [tag.slice(0, 4), /`(.*)`/.exec(sentence)[1]]);
    assert.deepEqual(said, [['0008', 'migfs fix --all-snapshots'], ['0009', 'migfs fix --all-snapshots'],
        ...['0014', '0015', '0016', '0017', '0018'].map((number) => [number, 'migfs fix'])]);
    const { status, stdout } = fix(folder, '--all-snapshots');
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`it compares your schema with meta/${snapshotsOf(folder).at(-1)}, and drops`));
    assert.match(kit(project, 'check'), /Everything's fine/);
    assert.deepEqual(upgrade(folder).kit, []);
    const { isTaken, said: text } = await up(folder);
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

test('what cannot be made after the newest one is named, too', () => {
    const folder = copyOf('tests/fixtures/incident', 'blocked-end');
    take(folder, ['0003_snapshot.json']);
    fs.appendFileSync(path.join(folder, '0015_saml_support.sql'), "\n--> statement-breakpoint\nDO $$ BEGIN EXECUTE 'select 1'; END $$;");
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.equal(status, 1);
    assert.match(stderr, /^migfs: error: not all snapshots: 0015_saml_support stands in the way, line \d+: a DO block with execute .*\n$/);
    assert.deepEqual(['0003', '0014', '0015'].map((number) => snapshotsOf(folder).includes(`${number}_snapshot.json`)), [true, true, false]);
});

test('SQL that was edited since does not give the next snapshot, and the difference is named', () => {
    const folder = copyOf('tests/fixtures/incident', 'edited');
    take(folder, ['0002_snapshot.json']);
    fs.appendFileSync(path.join(folder, '0002_stale_madripoor.sql'), '\n--> statement-breakpoint\nALTER TABLE "users" ADD COLUMN "icon" text;');
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.equal(status, 1);
    assert.match(stderr, /for 0002_stale_madripoor none can be made: the SQL gives another schema than meta\/0003_snapshot\.json has: tables\.public\.users\.columns\.icon is only in what the SQL gives\n$/);
});

// As after `generate --custom`: drizzle-kit's own snapshots do not have what the hand made.
test('a gap in which a hand changed what no snapshot has is filled', async () => {
    const project = makeProject('gap-by-hand'), folder = path.join(project, 'drizzle');
    const users = (more = '') => `import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: integer('id')${more} });\n`;
    const custom = (name, sql) => {
        kit(project, 'generate', '--custom', `--name=${name}`);
        fs.writeFileSync(path.join(folder, `${name === 'audit' ? '0001' : '0002'}_${name}.sql`), sql);
    };
    generate(project, users(), 'users');
    custom('audit', 'create table audit (at timestamptz);');
    custom('more', 'alter table audit add column what text;');
    generate(project, users(", icon: integer('icon')"), 'icon');
    spread(folder);
    const before = withoutIds(read(folder, '0002_snapshot.json'));
    take(folder, ['0002_snapshot.json']);
    assert.equal(upgrade(folder).kit[0].sentence, 'meta/0002_snapshot.json is missing; `migfs fix --all-snapshots` makes it from the SQL');
    const { status, stderr } = fix(folder, '--all-snapshots');
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(withoutIds(read(folder, '0002_snapshot.json')), before);
    const converted = await up(folder);
    assert.ok(converted.isTaken, converted.said);
});
