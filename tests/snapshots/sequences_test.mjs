// ALTER SEQUENCE, and an identity's options, by hand: what the made snapshots have afterwards, and what PostgreSQL does.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileOf, pg, snapshotOf, statements } from './kit.mjs';
import { run } from './lib.mjs';

const COUNT = 400;

// The same numbers each time.
let state = 11;
const below = (count) => (state = (state * 48271) % 2147483647) % count;
const one = (list) => list[below(list.length)];
const whole = (least, most) => least + below(most - least + 1);

const options = {
    increment: () => `INCREMENT ${one(['', 'BY '])}${one([1, 2, 3, -1, -2])}`,
    least: () => one(['NO MINVALUE', 'NO MINVALUE', `MINVALUE ${whole(-30, 10)}`]),
    most: () => one(['NO MAXVALUE', 'NO MAXVALUE', `MAXVALUE ${whole(-5, 900)}`]),
    start: () => `START ${one(['', 'WITH '])}${whole(-20, 40)}`,
    cache: () => `CACHE ${whole(1, 9)}`,
    cycle: () => one(['CYCLE', 'NO CYCLE']),
    restart: () => `RESTART${one(['', ' 8', ' WITH 8', ' -1'])}`,
    owned: () => 'OWNED BY NONE',
    type: () => one(['AS bigint', 'AS int8']),
};

function some(of) {
    const left = [...of];
    return Array.from({ length: 1 + below(4) }, () => options[left.splice(below(left.length), 1)[0]]());
}

const alterSequence = (name) => `ALTER SEQUENCE ${name} ${some(Object.keys(options)).join(' ')};`;
const alterIdentity = (table) => `ALTER TABLE ${table} ALTER id ${some(['increment', 'least', 'most', 'start', 'cache', 'cycle', 'restart'])
    .map((it) => (it.startsWith('RESTART') ? it : `SET ${it}`)).join(' ')};`;

const numbers = { increment: 3, minValue: 5, maxValue: 900, startWith: 7, cache: 4, cycle: true };
const schema = {
    q: pg.pgSequence('q', numbers), plain: pg.pgSequence('plain'),
    small: pg.pgTable('small', { id: pg.smallint('id').generatedAlwaysAsIdentity(numbers) }),
    large: pg.pgTable('large', { id: pg.bigint('id', { mode: 'number' }).generatedByDefaultAsIdentity() }),
};
const SHOWN = `SELECT coalesce(json_object_agg(sequencename, json_build_object('increment', increment_by::text, 'minValue', min_value::text, 'maxValue', max_value::text,
    'startWith', start_value::text, 'cache', cache_size::text, 'cycle', cycle))::text, '') FROM pg_sequences;`.replaceAll('\n', ' ');

const ofSnapshot = ({ sequences, tables }) => Object.fromEntries([...Object.values(sequences), ...Object.values(tables).map((it) => it.columns.id.identity)]
    .map(({ name, increment, minValue, maxValue, startWith, cache, cycle }) => [name, { increment, minValue, maxValue, startWith, cache, cycle }]));

test(`${COUNT} random changes of sequences leave in the snapshots what PostgreSQL has`, async () => {
    const scratch = fs.mkdtempSync(path.join(process.env.SCRATCH, 'sequences-'));
    const before = snapshotOf(schema), file = (name, text) => (fs.writeFileSync(path.join(scratch, name), text), path.join(scratch, name));
    const tried = Array.from({ length: COUNT }, () => one([() => alterSequence('q'), () => alterSequence('plain'), () => alterIdentity('small'), () => alterIdentity('large')])());
    const script = ['CREATE SCHEMA changed; SET search_path TO changed;', fileOf(await statements(snapshotOf({}), before)).replaceAll('"public".', '')];
    for (const sql of tried) script.push(sql, '\\if :ERROR', '\\echo refused', '\\else', SHOWN, '\\endif');
    const server = run('psql', ['-XAtq', '-f', '-', process.env.DATABASE], { input: script.join('\n') });
    const shown = server.stdout.trim().split('\n');
    assert.equal(shown.length, COUNT, server.stderr);
    const taken = tried.map((sql, i) => ({ sql, now: shown[i] })).filter(({ now }) => now !== 'refused').map(({ sql, now }) => ({ sql, now: JSON.parse(now) }));
    assert.ok(taken.length > COUNT / 3, `${taken.length} taken`);
    const out = path.join(scratch, 'out');
    fs.mkdirSync(out);
    const made = run(process.env.MADE, ['chain', out, file('before.json', JSON.stringify(before)), ...taken.map(({ sql }, i) => file(`${String(i).padStart(4, '0')}.sql`, sql))]);
    assert.equal(made.stdout.split('\n').filter((line) => line.startsWith('ok')).length, taken.length, made.stdout.split('\n').filter((line) => !line.startsWith('ok')).join('\n'));
    taken.forEach(({ sql, now }, i) => assert.deepEqual(ofSnapshot(JSON.parse(fs.readFileSync(path.join(out, String(i)), 'utf8'))), now, `${i}: ${sql}`));
});
