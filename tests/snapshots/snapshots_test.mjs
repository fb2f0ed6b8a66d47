// Takes snapshots away that drizzle-kit made, has migfs make them, and compares; then lets drizzle-kit go on from there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MADE, MIGFS, SCRATCH, fix, generate, kit, makeProject, read, run, snapshotsOf, withoutIds, writeConfig } from './lib.mjs';
import { make } from './make.mjs';

const STEPS = 180;

// ---- drizzle-kit as a library ----

for (const seed of [1, 2, 3]) {
    const folder = path.join(SCRATCH, `history-${seed}`);

    test(`drizzle-kit generates ${STEPS} steps of all kinds, seed ${seed}`, async () => {
        await make(folder, seed, STEPS);
        assert.equal(snapshotsOf(folder).length, STEPS);
    });

    test(`each of them gives the real snapshot from the one before, seed ${seed}`, () => {
        const names = snapshotsOf(folder);
        const out = path.join(SCRATCH, `each-${seed}`);
        fs.mkdirSync(out);
        const pairs = names.slice(1).flatMap((name, i) => [path.join(folder, 'meta', names[i]), path.join(folder, name.replace('_snapshot.json', '_step.sql'))]);
        const said = run(MADE, ['each', out, ...pairs]).stdout.split('\n');
        names.slice(1).forEach((name, i) => {
            assert.equal(said[i], 'ok ', `${name}: ${said[i]}`);
            assert.deepEqual(withoutIds(JSON.parse(fs.readFileSync(path.join(out, String(i)), 'utf8'))), withoutIds(read(folder, name)), name);
        });
    });

    test(`with all but the first taken away migfs fix writes them again, seed ${seed}`, () => {
        const copy = `${folder}-copy`;
        fs.cpSync(folder, copy, { recursive: true });
        const names = snapshotsOf(folder);
        for (const name of names.slice(1)) fs.rmSync(path.join(copy, 'meta', name));
        const { status, stderr } = fix(copy);
        assert.equal(status, 0, stderr);
        assert.deepEqual(snapshotsOf(copy), names);
        names.slice(1).forEach((name, i) => {
            const made = read(copy, name);
            assert.deepEqual(withoutIds(made), withoutIds(read(folder, name)), name);
            assert.equal(made.prevId, read(copy, names[i]).id);
            assert.match(made.id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        });
        assert.equal(fs.readFileSync(path.join(copy, 'meta', names[5]), 'utf8'), JSON.stringify(read(copy, names[5]), null, 2));
        assert.equal(fix(copy).stdout, '');
    });
}

// ---- drizzle-kit by its command ----

const schemas = [
    `import { pgTable, serial, text } from 'drizzle-orm/pg-core';
     export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name') });`,
    `import { index, integer, pgEnum, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
     export const mood = pgEnum('mood', ['good', 'bad']);
     export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').notNull(), mood: mood('mood').default('good') });
     export const posts = pgTable('posts', { id: serial('id').primaryKey(), user: integer('user').references(() => users.id, { onDelete: 'cascade' }),
         at: timestamp('at', { withTimezone: true }).defaultNow() }, (t) => [index('posts_at').on(t.at.desc())]);`,
    `import { check, index, integer, pgEnum, pgTable, serial, text, timestamp, unique } from 'drizzle-orm/pg-core';
     import { sql } from 'drizzle-orm';
     export const mood = pgEnum('mood', ['good', 'fair', 'bad']);
     export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').notNull(), mood: mood('mood').default('good') }, (t) => [unique('names').on(t.name)]);
     export const posts = pgTable('posts', { id: serial('id').primaryKey(), user: integer('user').references(() => users.id, { onDelete: 'cascade' }),
         votes: integer('votes').default(0).notNull(), at: timestamp('at', { withTimezone: true }).defaultNow() },
         (t) => [index('posts_at').on(t.at.desc()), check('votes_count', sql\`\${t.votes} >= 0\`)]);`,
];
const next = (schema) => schema.replace("serial('id').primaryKey(), name", "serial('id').primaryKey(), icon: text('icon'), name");

test('from made snapshots drizzle-kit generate has nothing to say, and then only what is new', () => {
    const project = makeProject('command');
    const folder = path.join(project, 'drizzle');
    schemas.forEach((schema, i) => generate(project, schema, `step${i}`));
    const real = snapshotsOf(folder).map((name) => withoutIds(read(folder, name)));
    for (const name of snapshotsOf(folder).slice(1)) fs.rmSync(path.join(folder, 'meta', name));
    assert.match(run(MIGFS, ['print', '--no-database', folder, 'status/0002_step2']).stdout, /^snapshot: made$/m);
    assert.equal(fix(folder).status, 0);
    assert.deepEqual(snapshotsOf(folder).map((name) => withoutIds(read(folder, name))), real);
    assert.match(kit(project, 'check'), /Everything's fine/);
    assert.match(generate(project, schemas[2], 'none'), /No schema changes, nothing to migrate/);
    generate(project, next(schemas[2]), 'icons');
    assert.equal(fs.readFileSync(path.join(folder, '0003_icons.sql'), 'utf8'), 'ALTER TABLE "users" ADD COLUMN "icon" text;');
});

/** A project of one step, and 0001_hand.sql with this SQL, whose snapshot is missing. */
function makeProjectByHand(name, sql) {
    const project = makeProject(name), folder = path.join(project, 'drizzle');
    generate(project, schemas[0], 'step0');
    kit(project, 'generate', '--custom', '--name', 'hand');
    fs.rmSync(path.join(folder, 'meta', '0001_snapshot.json'));
    fs.writeFileSync(path.join(folder, '0001_hand.sql'), sql);
    return { project, folder };
}

test('what a hand wrote into a migration is put in or left out, and the next generate drops nothing', () => {
    const { project, folder } = makeProjectByHand('hand', `
        alter table users alter column name set not null;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        ALTER TABLE users ADD COLUMN mood mood DEFAULT 'good';
        CREATE TABLE posts (id serial PRIMARY KEY, "user" int, at timestamptz DEFAULT now(),
            CONSTRAINT posts_user_users_id_fk FOREIGN KEY ("user") REFERENCES users (id) ON DELETE CASCADE);
        CREATE INDEX posts_at ON posts (at DESC NULLS LAST);
        CREATE POLICY own ON posts USING (true);
        ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
        ALTER TABLE posts ADD CONSTRAINT recent CHECK (at > '2000-01-01');
        CREATE VIEW recent_posts AS SELECT * FROM posts;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        INSERT INTO users (name) VALUES ('x');`);
    const { stdout } = run(MIGFS, ['print', '--no-database', folder, 'changes']);
    assert.equal(stdout, 'meta/0001_snapshot.json: made from 0001_hand.sql, unverified: it is not all as drizzle-kit writes it; ' +
        'left out: policy own, row security of posts, check recent, view recent_posts; put in: NOT NULL of users.name, enum mood, column users.mood, table posts, index posts_at; ' +
        'the next `drizzle-kit generate` drops what schema.ts does not declare of this\n');
    fs.writeFileSync(path.join(project, 'schema.ts'), schemas[1]);
    assert.equal(fix(folder).status, 0);
    const said = generate(project, schemas[1], 'none');
    const written = fs.readdirSync(folder).find((name) => name.startsWith('0002'));
    assert.match(said, /No schema changes, nothing to migrate/, written && fs.readFileSync(path.join(folder, written), 'utf8'));
});

test('where the schema is not searched, what a hand made and it lacks is named before the next generate drops it, and stays where the schema gets it first', () => {
    const { project, folder } = makeProjectByHand('lacks', `
        create table audit (id serial primary key, what text);
        create index audit_what on audit (what);
        alter table users add column seen text;
        alter table users add constraint users_names unique (name);
        update users set name = 'x';`);
    writeConfig(project, { casing: 'snake_case' });
    const problems = JSON.parse(run(MIGFS, ['check', '--no-database', '--format=json', folder]).stdout);
    assert.match(problems.find(({ code }) => code === 'snapshot-missing').sentence,
        /; put in by hand-written SQL: table audit, index audit_what, column users\.seen, constraint users_names of 0001_hand; first add to schema\.ts what it does not declare of this, or the next `drizzle-kit generate` drops it$/);
    assert.match(run(MIGFS, ['print', '--no-database', folder, 'changes']).stdout, /; put in: table audit, .*; the next `drizzle-kit generate` drops what schema\.ts does not declare of this\n/);
    fs.cpSync(folder, path.join(project, 'before'), { recursive: true });
    assert.match(fix(folder).stdout, /made from 0001_hand\.sql; the next `drizzle-kit generate` drops what schema\.ts does not declare of table audit, .*\n/);
    generate(project, schemas[0], 'dropped');
    assert.match(fs.readFileSync(path.join(folder, '0002_dropped.sql'), 'utf8'), /DROP TABLE "audit" CASCADE;(.|\n)*DROP COLUMN "seen";/);

    // As the sentence says: first the schema, then fix.
    fs.rmSync(folder, { recursive: true });
    fs.renameSync(path.join(project, 'before'), folder);
    const whole = `import { index, pgTable, serial, text, unique } from 'drizzle-orm/pg-core';
        export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name'), seen: text('seen') }, (t) => [unique('users_names').on(t.name)]);
        export const audit = pgTable('audit', { id: serial('id').primaryKey(), what: text('what') }, (t) => [index('audit_what').on(t.what)]);`;
    assert.equal(fix(folder).status, 0);
    assert.match(generate(project, whole, 'none'), /No schema changes, nothing to migrate/);
});

test('what a hand wrote as drizzle-kit writes it is seen in a copy before anything is committed, as fix says', () => {
    const { project, folder } = makeProjectByHand('alike', 'CREATE TABLE "audit" (\n\t"id" serial PRIMARY KEY NOT NULL\n);\n');
    const said = fix(folder).stdout.match(/^before you commit, run `drizzle-kit (.*)` in (\S+) on a copy of the folder: it compares your schema with meta\/0001_snapshot\.json, and drops/m);
    assert.ok(said);
    const before = fs.readdirSync(folder, { recursive: true });
    fs.cpSync(folder, path.join(project, 'copy'), { recursive: true });
    kit(said[2], ...said[1].replace('COPY', 'copy').split(' '), '--name=look');
    assert.equal(fs.readFileSync(path.join(project, 'copy', '0002_look.sql'), 'utf8'), 'DROP TABLE "audit" CASCADE;');
    assert.deepEqual(fs.readdirSync(folder, { recursive: true }), before);
    const whole = `${schemas[0]}\n export const audit = pgTable('audit', { id: serial('id').primaryKey() });`;
    assert.match(generate(project, whole, 'none'), /No schema changes, nothing to migrate/);
    assert.equal(fix(folder).stdout, '');
});

test('of a statement that is not certain nothing is written', () => {
    const { project, folder } = makeProjectByHand('refused', `DO $$ BEGIN EXECUTE 'ALTER TABLE users ADD COLUMN x int'; END $$;`);
    assert.equal(run(MIGFS, ['print', '--no-database', folder, 'changes']).stdout, '');
    assert.deepEqual([fix(folder).stdout, snapshotsOf(folder)], ['', ['0000_snapshot.json']]);
});

test("the incident's eight missing snapshots are written, and drizzle-kit, which wrote seven tables again, has nothing to write", () => {
    const project = makeProject('incident');
    const folder = path.join(project, 'drizzle');
    const schema = fs.readFileSync('tests/fixtures/incident-schema.ts', 'utf8');
    fs.cpSync('tests/fixtures/incident', folder, { recursive: true });
    generate(project, schema, 'again');
    assert.equal(fs.readFileSync(path.join(folder, '0016_again.sql'), 'utf8').match(/^CREATE TABLE/gm).length, 7);
    fs.rmSync(folder, { recursive: true });
    fs.cpSync('tests/fixtures/incident', folder, { recursive: true });
    const before = snapshotsOf(folder).length;
    assert.equal(fix(folder).status, 0);
    assert.equal(snapshotsOf(folder).length, before + 8);
    assert.match(kit(project, 'check'), /Everything's fine/);
    assert.equal(run(MIGFS, ['check', '--no-database', folder]).stdout, '');
    assert.match(generate(project, schema, 'none'), /No schema changes, nothing to migrate/);
    generate(project, schema.replace("name: text('name').notNull(),", "name: text('name').notNull(),\n    note: text('note'),"), 'note');
    assert.equal(fs.readFileSync(path.join(folder, '0022_note.sql'), 'utf8'), 'ALTER TABLE "organizations" ADD COLUMN "note" text;');
});
