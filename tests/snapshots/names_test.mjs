// Indexes without a name: what the made snapshots call them, and what PostgreSQL does.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fix, generate, makeProject, read, run } from './lib.mjs';

const COUNT = 300;

// The same numbers each time.
let state = 7;
const below = (count) => (state = (state * 48271) % 2147483647) % count;
const one = (list) => list[below(list.length)];

const long = 'a_column_with_a_name_of_many_characters_that_is_cut_somewhere';
const columns = { n: 'text', s: 'text', id: 'int', "Größe": 'int', data: 'jsonb', at: 'timestamp', [long]: 'text', list: 'int[]' };
const quoted = (name) => `"${name}"`;
const of = (...types) => quoted(one(Object.keys(columns).filter((name) => types.includes(columns[name]))));

function text(depth) {
    if (depth === 0) return of('text');
    return one([
        () => `lower(${text(depth - 1)})`,
        () => `pg_catalog.upper(${text(depth - 1)})`,
        () => `(${text(depth - 1)} || ${text(depth - 1)})`,
        () => `coalesce(${text(depth - 1)}, 'x')`,
        () => `nullif(${text(depth - 1)}, '')`,
        () => `(${number(depth - 1)})::text`,
        () => `CAST(${number(depth - 1)} AS varchar(5))`,
        () => `(${text(depth - 1)} COLLATE "C")`,
        () => `(CASE WHEN ${number(depth - 1)} > 1 THEN ${text(depth - 1)} ELSE ${text(depth - 1)} END)`,
        () => `(CASE WHEN true THEN 'x' END)`,
        () => `(${of('jsonb')} ->> 'a')`,
        () => `(${of('jsonb')} #>> '{a,b}')`,
        () => `substring(${text(depth - 1)} from 1 for 3)`,
        () => `trim(both from ${text(depth - 1)})`,
        () => `overlay(${text(depth - 1)} placing 'x' from 1)`,
        () => `greatest(${text(depth - 1)}, 'x')`,
    ])();
}

function number(depth) {
    if (depth === 0) return of('int');
    return one([
        () => `(${number(depth - 1)} + 1)`,
        () => `(-${number(depth - 1)})`,
        () => `abs(${number(depth - 1)})`,
        () => `(${of('int[]')}[1])`,
        () => `length(${text(depth - 1)})`,
        () => `least(${number(depth - 1)}, 2)`,
        () => `extract(year from ${of('timestamp')})`,
        () => `date_part('day', ${of('timestamp')})`,
        () => `position('x' in ${text(depth - 1)})`,
        () => `(${of('timestamp')} AT TIME ZONE 'UTC' > '2000-01-01')::int`,
        () => `(ARRAY[1, ${number(depth - 1)}])[1]`,
    ])();
}

const element = () => (below(3) === 0 ? quoted(one(Object.keys(columns).filter((name) => name !== 'data'))) : `(${one([text, number])(1 + below(2))})`) + one(['', '', ' DESC', ' NULLS FIRST']);
const index = (table) => `CREATE ${one(['', '', 'UNIQUE '])}INDEX ON ${table} (${Array.from({ length: 1 + below(3) }, element).join(', ')})${one(['', '', ' INCLUDE (n, id)', ' WHERE id > 1'])};`;

test(`${COUNT} random indexes without names have those that PostgreSQL gives them`, () => {
    const project = makeProject('names'), folder = path.join(project, 'drizzle');
    generate(project, "import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: integer('id') });\n", 'users');
    fs.rmSync(path.join(project, 'drizzle.config.json')); // nothing is left out
    const tables = ['t', quoted('Tafel'), quoted('a_table_whose_name_has_almost_as_many_characters_as_it_can')];
    const made = tables.map((table) => `CREATE TABLE ${table} (${Object.entries(columns).map(([name, type]) => `${quoted(name)} ${type}`).join(', ')});`);
    const files = [[...made, 'CREATE TABLE t_n_idx (x int);'], ...Array.from({ length: 3 }, () => Array.from({ length: COUNT / 3 }, () => index(one(tables))))];
    const journal = JSON.parse(fs.readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8'));
    files.forEach((file, i) => {
        const tag = `000${i + 1}_hand`;
        journal.entries.push({ ...journal.entries[0], idx: i + 1, when: journal.entries[0].when + i + 1, tag });
        fs.writeFileSync(path.join(folder, `${tag}.sql`), file.join('\n'));
    });
    fs.writeFileSync(path.join(folder, 'meta', '_journal.json'), JSON.stringify(journal, null, 2));

    const server = run('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-', process.env.DATABASE], { input: `${files.flat().join('\n')}\nSELECT relname FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace ORDER BY oid;` });
    assert.equal(server.status, 0, server.stderr);
    const { status, stderr } = fix(folder);
    assert.equal(status, 0, stderr);
    const { tables: of } = read(folder, '0004_snapshot.json');
    const names = Object.values(of).flatMap((table) => Object.keys(table.indexes)).sort();
    assert.deepEqual(names, server.stdout.trim().split('\n').sort());
    assert.equal(names.length, COUNT);
    assert.ok(Object.values(of).some((table) => Object.values(table.indexes).some(({ columns: list }) => list.some((it) => it.isExpression))));
});
