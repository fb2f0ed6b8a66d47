// The real drizzle-kit as a team calls it: twenty schemas one after another, and migrations that a hand wrote.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MIGFS, MIGFS_NODE_MODULES, fix, generate, kit, makeProject, read, run, snapshotsOf, withoutIds, writeConfig } from './lib.mjs';

// A schema is its declarations by name; a step changes some.
const print = (parts) => `import { sql } from 'drizzle-orm';\nimport * as pg from 'drizzle-orm/pg-core';\n${Object.values(parts).join('\n')}\n`;
const users = (columns = '', extra = '') => `export const users = pg.pgTable('users', { id: pg.serial('id').primaryKey(), name: pg.text('name')${columns} }, (t) => [${extra}]);`;
const posts = (columns = '', extra = '') => `export const posts = pg.pgTable('posts', { id: pg.uuid('id').defaultRandom().primaryKey(), user: pg.integer('user').references(() => users.id, { onDelete: 'cascade' })${columns} }, (t) => [${extra}]);`;
const icon = ", icon: pg.varchar('icon', { length: 20 }).default('none').notNull()";
const steps = [
    (it) => (it.users = users()),
    (it) => (it.posts = posts()),
    (it) => (it.users = users(icon)),
    (it) => (it.mood = "export const mood = pg.pgEnum('mood', ['fine', 'bad']);"),
    (it) => (it.users = users(`${icon}, mood: mood('mood').default('fine')`)),
    (it) => (it.mood = it.mood.replace("'bad'", "'so so', 'bad'")),
    (it) => (it.users = users(`${icon}, mood: mood('mood').default('bad')`, "pg.index('users_name').on(t.name.desc().nullsLast())")),
    (it) => (it.users = users(`${icon}, mood: mood('mood').default('bad')`, "pg.uniqueIndex('users_lower').on(sql`lower(${t.name})`).where(sql`${t.name} IS NOT NULL`)")),
    (it) => (it.posts = posts(", votes: pg.integer('votes').default(0).notNull()", "pg.check('votes_count', sql`${t.votes} >= 0`)")),
    (it) => (it.posts = posts(", votes: pg.bigint('votes', { mode: 'number' }).default(1)", "pg.check('votes_count', sql`${t.votes} >= 0`), pg.unique('one').on(t.user, t.votes).nullsNotDistinct()")),
    (it) => (it.tags = "export const tags = pg.pgTable('tags', { post: pg.uuid('post').notNull(), tag: pg.text('tag').notNull() }, (t) => [pg.primaryKey({ columns: [t.post, t.tag] }), pg.foreignKey({ columns: [t.post], foreignColumns: [posts.id], name: 'tags_post' }).onUpdate('cascade')]);"),
    (it) => (it.app = "export const app = pg.pgSchema('app');\nexport const logs = app.table('logs', { id: pg.integer('id').generatedAlwaysAsIdentity({ startWith: 100 }).primaryKey(), at: pg.timestamp('at', { withTimezone: true, precision: 3 }).defaultNow(), data: pg.jsonb('data').default({}) });"),
    (it) => (it.app = it.app.replace("data: pg.jsonb('data').default({})", "data: pg.jsonb('data').default({}).notNull(), line: pg.text('line').generatedAlwaysAs(sql`'x'`)")),
    (it) => (it.numbers = "export const numbers = pg.pgSequence('numbers', { startWith: 10, increment: 5 });"),
    (it) => (it.names = "export const names = pg.pgView('names').as((qb) => qb.select({ name: users.name }).from(users));"),
    (it) => (it.totals = "export const totals = pg.pgMaterializedView('totals').as((qb) => qb.select({ user: posts.user }).from(posts));"),
    (it) => (it.reader = "export const reader = pg.pgRole('reader', { createDb: true });"),
    (it) => (it.tags = it.tags.replace('(t) => [', "(t) => [pg.pgPolicy('own', { for: 'select', using: sql`true` }), ").replace(/;$/, '.enableRLS();')),
    (it) => delete it.totals,
    (it) => (it.users = users(`, mood: mood('mood')`)),
];

test(`${steps.length} schemas through the command: the made snapshots are drizzle-kit's own, and it has nothing to add`, () => {
    const project = makeProject('twenty');
    const folder = path.join(project, 'drizzle');
    const parts = { mood: '' };
    steps.forEach((step, i) => {
        step(parts);
        generate(project, print(parts), `step${i}`);
        assert.equal(snapshotsOf(folder).length, i + 1, `step ${i}`);
    });
    const names = snapshotsOf(folder);
    const real = names.map((name) => withoutIds(read(folder, name)));
    for (const name of names.slice(1)) fs.rmSync(path.join(folder, 'meta', name));
    const { status, stderr } = fix(folder);
    assert.equal(status, 0, stderr);
    names.forEach((name, i) => assert.deepEqual(withoutIds(read(folder, name)), real[i], name));
    assert.match(generate(project, print(parts), 'none'), /No schema changes, nothing to migrate/);
});

// What a hand wrote: the SQL; the schema beside it where that changed, too; what `changes` says of it; and whether it is made at all.
const base = { users: users() };
const byHand = {
    'policies and row security': { sql: 'ALTER TABLE users ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON users FOR SELECT USING (true);', left: 'row security of users, policy own' },
    'a check': { sql: "ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '');", left: 'check named' },
    'functions and triggers': { sql: "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();" },
    'data': { sql: "INSERT INTO users (name) VALUES ('x'); UPDATE users SET name = 'y'; DELETE FROM users;" },
    'extensions, grants and comments': { sql: 'CREATE EXTENSION IF NOT EXISTS pgcrypto; GRANT SELECT ON users TO PUBLIC; COMMENT ON TABLE users IS $$people$$; ANALYZE users;' },
    'views, sequences and roles': { sql: 'CREATE VIEW named AS SELECT name FROM users; CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM users; CREATE SEQUENCE numbers; CREATE ROLE reader;', left: 'view named, materialized view counted, sequence numbers, role reader' },
    'a DO block that guards': { sql: "DO $$ BEGIN CREATE TYPE mood AS ENUM ('fine', 'bad'); EXCEPTION WHEN duplicate_object THEN null; END $$;\nALTER TABLE users ADD COLUMN mood mood;", schema: { mood: "export const mood = pg.pgEnum('mood', ['fine', 'bad']);", users: users(", mood: mood('mood')") } },
    'a table, its keys and an index': { sql: 'create table posts (id uuid primary key default gen_random_uuid(), "user" int, constraint posts_user_users_id_fk foreign key ("user") references users (id) on delete cascade); create index posts_user on posts ("user");', schema: { ...base, posts: posts('', "pg.index('posts_user').on(t.user)") } },
    // Whether the schema has .enableRLS() the SQL does not tell: either way there is nothing to migrate.
    "the first policy, in drizzle-kit's own form": { sql: 'ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint\nCREATE POLICY "own" ON "users" AS PERMISSIVE FOR SELECT TO public USING (true);', schema: { users: users('', "pg.pgPolicy('own', { for: 'select', using: sql`true` })") } },
    'a DO block with logic': { sql: "DO $$ BEGIN IF (SELECT count(*) FROM users) = 0 THEN EXECUTE 'ALTER TABLE users ADD COLUMN icon text'; END IF; END $$;", isRefused: true },
};

function writeByHand(folder, sql) {
    const file = path.join(folder, 'meta', '_journal.json'), journal = JSON.parse(fs.readFileSync(file, 'utf8'));
    journal.entries.push({ ...journal.entries[0], idx: 1, when: journal.entries[0].when + 60_000, tag: '0001_hand' });
    fs.writeFileSync(file, JSON.stringify(journal, null, 2));
    fs.writeFileSync(path.join(folder, '0001_hand.sql'), sql);
}

test('what a hand wrote is put in, left out or refused, and the next generate drops nothing', () => {
    const project = makeProject('by-hand');
    const folder = path.join(project, 'drizzle');
    generate(project, print(base), 'users');
    fs.cpSync(folder, path.join(project, 'first'), { recursive: true });
    for (const [what, { sql, schema = base, left, isRefused }] of Object.entries(byHand)) {
        fs.rmSync(folder, { recursive: true });
        fs.cpSync(path.join(project, 'first'), folder, { recursive: true });
        writeByHand(folder, sql);
        fs.writeFileSync(path.join(project, 'schema.ts'), print(schema));
        const said = run(MIGFS, ['print', '--no-database', folder, 'changes']).stdout;
        const { status } = fix(folder);
        assert.equal(status, 0, what);
        assert.equal(snapshotsOf(folder).length, isRefused ? 1 : 2, what);
        assert.equal(/; left out: (.*)\n/.exec(said)?.[1], left, what);
        const written = generate(project, print(schema), 'next');
        assert.match(written, /No schema changes, nothing to migrate/, `${what}\n${said}\n${fs.readdirSync(folder).filter((name) => name.startsWith('0002')).map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))}`);
    }
});

// An audit table that is no business of the schema's, and a column that only an old program reads.
const audit = `create type audit_kind as enum ('in', 'out');
create table audit_log (id int primary key, kind audit_kind, "user" int references users (id));
create index audit_log_by_user on audit_log ("user");
alter table users add column legacy_id int;
alter table users add constraint users_names unique (name);`;
const auditSchema = {
    users: users(", legacyId: pg.integer('legacy_id')", "pg.unique('users_names').on(t.name)"),
    kind: "export const kind = pg.pgEnum('audit_kind', ['in', 'out']);",
    audit: "export const audit = pg.pgTable('audit_log', { id: pg.integer('id').primaryKey(), kind: kind('kind'), user: pg.integer('user').references(() => users.id) }, (t) => [pg.index('audit_log_by_user').on(t.user)]);",
};
const leftOut = /^left out what no file of your schema names.*: enum audit_kind, table audit_log, index audit_log_by_user, column users\.legacy_id, constraint users_names of 0001_hand;/m;

test('fix leaves out what the schema does not name, and the next generate drops nothing', () => {
    const project = makeProject('undeclared'), folder = path.join(project, 'drizzle'), file = path.join(folder, 'meta', '0001_snapshot.json');
    const puts = (it) => fs.writeFileSync(path.join(project, 'schema.ts'), it);
    const tables = () => Object.keys(read(folder, '0001_snapshot.json').tables);
    const again = () => {
        fs.rmSync(file, { force: true });
        return fix(folder);
    };
    generate(project, print(base), 'users');
    writeByHand(folder, audit);

    let { status, stdout } = again();
    assert.equal(status, 0);
    assert.match(stdout, leftOut);
    assert.deepEqual(tables(), ['public.users']);
    assert.match(generate(project, print(base), 'next'), /No schema changes, nothing to migrate/);

    // As it says: undone, added to the schema, and run again. The schema may be several files.
    assert.match(stdout, /^to undo, delete meta\/0001_snapshot\.json$/m);
    fs.writeFileSync(path.join(project, 'tables.ts'), print(auditSchema));
    puts("export * from './tables';\n");
    ({ stdout } = again());
    assert.doesNotMatch(stdout, /left out/);
    assert.deepEqual(tables(), ['public.users', 'public.audit_log']);
    assert.match(kit(project, 'generate'), /No schema changes, nothing to migrate/);

    // Where the schema cannot be searched, all is put in, and what it says first is true.
    const unsearchable = {
        'the names are composed': () => puts(`${print(base)}const own = pg.pgTableCreator((name) => 'own_' + name);\n`),
        'an import is not found': () => puts(`${print(base)}export * from '@/tables';\n`),
        'there is no schema': () => fs.rmSync(path.join(project, 'schema.ts')),
        'there is no config': () => fs.rmSync(path.join(project, 'drizzle.config.json')),
        'the names are made by casing': () => {
            puts(print(base));
            writeConfig(project, { casing: 'snake_case' });
        },
    };
    for (const [why, make] of Object.entries(unsearchable)) {
        make();
        ({ stdout } = again());
        assert.doesNotMatch(stdout, /left out/, why);
        assert.match(stdout, /the next `drizzle-kit generate` drops what schema\.ts does not declare of enum audit_kind, table audit_log/, why);
        assert.deepEqual(tables(), ['public.users', 'public.audit_log'], why);
    }
});

// A table that a hand gives what its declaration may or may not have; the schema says which.
const notes = (columns, extra = '') => ({ ...base, notes: `export const notes = pg.pgTable('notes', { ${columns} }, (t) => [${extra}]);` });
const plain = "a: pg.integer('a'), b: pg.integer('b')";
const generic = "export const notes = pg.pgTable<'notes', any>('notes', { a: pg.integer('a'), b: pg.integer('b') });";
const helpers = `const key = () => pg.integer('a').primaryKey();\nconst once = { b: pg.integer('b').unique() }, both = (t) => pg.primaryKey({ columns: [t.a, t.b] }), at = { at: pg.date('at').notNull() };
export const others = pg.pgView('others', { a: pg.integer('a') }).existing();`;
const parts = [
    { sql: 'alter table notes add constraint by_hand primary key (a, b);', left: 'primary key of notes', later: 'alter table notes drop constraint by_hand;', laterLeft: 'primary key of notes' },
    { sql: 'alter table notes add primary key (a);', left: 'primary key of notes', later: 'alter table notes drop constraint notes_pkey;', laterLeft: 'primary key of notes' },
    { sql: 'alter table notes add constraint by_hand primary key (a);', left: 'primary key of notes', later: 'alter table notes drop constraint by_hand;', laterLeft: 'primary key of notes' },
    { sql: 'alter table notes add unique (a);', left: 'constraint notes_a_unique', later: 'alter table notes rename constraint notes_a_unique to one;', laterLeft: 'constraint one' },
    { sql: 'alter table notes add foreign key (a) references users (id);', left: 'constraint notes_a_users_id_fk' },
    { sql: 'create index notes_index on notes (a);', left: 'index notes_index', later: 'drop index notes_index;', laterLeft: 'index notes_index' },
    { sql: 'create index on notes (a);\ncreate index on notes (a);', left: 'index notes_a_idx, index notes_a_idx1', later: 'drop index notes_a_idx1;', laterLeft: 'index notes_a_idx1' },
    { sql: 'alter table notes add column c int unique;', left: 'column notes.c', later: 'alter table notes alter column c set not null;', laterLeft: 'column notes.c' },
    { sql: "create type kind as enum ('x');", left: 'enum kind', later: "alter type kind add value 'y';", laterLeft: 'enum kind' },
    { sql: 'create table audit (at timestamptz primary key);', left: 'table audit', later: 'create index audit_at on audit (at);\nalter table audit add column who int references users (id);\nalter table audit rename to log;', laterLeft: 'table log' },
    { sql: 'alter table notes add primary key (a);', schema: notes("a: pg.integer('a').primaryKey(), b: pg.integer('b')") },
    { sql: 'alter table notes add constraint notes_a_b_pk primary key (a, b);', schema: notes(plain, 'pg.primaryKey({ columns: [t.a, t.b] })') },
    { sql: 'alter table notes add constraint own primary key (a, b);', schema: notes(plain, "pg.primaryKey({ name: 'own', columns: [t.a, t.b] })") },
    { sql: 'alter table notes add unique (a);', schema: notes("a: pg.integer('a').unique(), b: pg.integer('b')") },
    { sql: 'alter table notes add foreign key (a) references users (id);', schema: notes("a: pg.integer('a').references(() => users.id), b: pg.integer('b')") },
    { sql: 'create index on notes (a);', schema: notes(plain, "pg.index('notes_a_idx').on(t.a)") },
    { sql: 'create index notes_a_index on notes (a);', schema: notes(plain, 'pg.index().on(t.a)') },
    // Helpers of other tables, and of this one.
    { sql: 'alter table notes add constraint by_hand primary key (a, b);', schema: { helpers, ...notes(plain) }, left: 'primary key of notes' },
    { sql: 'alter table notes add constraint by_hand primary key (a, b);', schema: { ...notes(plain), notes: generic }, left: 'primary key of notes' },
    { sql: 'alter table notes add primary key (a);', schema: { helpers, ...notes("a: key(), b: pg.integer('b')") } },
    { sql: 'alter table notes add constraint notes_b_unique unique (b);', schema: { helpers, ...notes("a: pg.integer('a'), ...once") } },
    { sql: 'alter table notes add constraint notes_a_b_pk primary key (a, b);', schema: { helpers, ...notes(plain, 'both(t)') } },
    // What columns have; columns whose names are those of other tables; tables with a callback.
    { sql: "alter table notes alter column a set default 5, alter column a set not null;", left: 'default of notes.a, NOT NULL of notes.a' },
    { sql: "alter table notes alter column a set default 5, alter column a set not null;", schema: notes("a: pg.integer('a').default(5).notNull(), b: pg.integer('b')") },
    { sql: "alter table notes add column c int not null default 5;", schema: notes(`${plain}, c: pg.integer('c')`), left: 'NOT NULL of notes.c, default of notes.c' },
    { sql: 'alter table notes add column name text;', left: 'column notes.name' },
    { sql: 'alter table notes add column c int not null;', schema: { ...base, notes: "export const notes = pg.pgTable('notes', (t) => ({ a: t.integer('a'), b: t.integer('b'), c: t.integer().notNull() }));" } },
    { sql: 'alter table notes add column at date not null;', schema: { helpers, ...notes(`${plain}, ...at`) } },
    // Which of two the schema declares, it does not say by name; what a package declares, not at all.
    { sql: 'alter table notes add constraint notes_a_unique unique (a), add constraint notes_b_unique unique (b);', schema: notes("a: pg.integer('a'), b: pg.integer('b').unique()"),
        unsure: 'constraint notes_a_unique, constraint notes_b_unique', adds: 'ALTER TABLE "notes" ADD CONSTRAINT "notes_b_unique" UNIQUE("b");' },
    { sql: 'alter table notes add column c int, add constraint by_hand primary key (a, b);', schema: { helpers: "import { columns } from 'columns';", ...notes(`${plain}, ...columns`) },
        left: 'column notes.c', unsure: 'primary key of notes' },
];

test('keys, and parts under derived names, are left out where it is not certain that the table declares them; what is done to them later is left out, too', () => {
    const project = makeProject('parts'), folder = path.join(project, 'drizzle'), modules = path.join(project, 'node_modules');
    fs.rmSync(modules);
    fs.mkdirSync(path.join(modules, 'columns'), { recursive: true });
    for (const name of fs.readdirSync(MIGFS_NODE_MODULES)) fs.symlinkSync(path.join(MIGFS_NODE_MODULES, name), path.join(modules, name));
    fs.writeFileSync(path.join(modules, 'columns', 'index.js'), 'exports.columns = {};\n');
    generate(project, print(notes(plain)), 'notes');
    fs.cpSync(folder, path.join(project, 'first'), { recursive: true });
    for (const { sql, schema = notes(plain), left, unsure, adds, later, laterLeft } of parts) {
        fs.rmSync(folder, { recursive: true });
        fs.cpSync(path.join(project, 'first'), folder, { recursive: true });
        writeByHand(folder, sql);
        fs.writeFileSync(path.join(project, 'schema.ts'), print(schema));
        const first = fix(folder);
        assert.equal(first.status, 0, first.stderr);
        assert.equal(/^left out what no file of your schema names.*: (.*) of 0001_hand;/m.exec(first.stdout)?.[1], left, sql);
        assert.equal(/^left out what your schema may or may not declare.*: (.*) of 0001_hand;/m.exec(first.stdout)?.[1], unsure, sql);
        const written = kit(project, 'generate', '--name=next'), next = path.join(folder, '0002_next.sql');
        if (adds) assert.equal(fs.readFileSync(next, 'utf8'), adds);
        else assert.match(written, /No schema changes, nothing to migrate/, sql);
        if (!later) continue;

        fs.writeFileSync(path.join(folder, '0002_later.sql'), later);
        const said = run(MIGFS, ['print', '--no-database', folder, 'changes']).stdout;
        const second = fix(folder);
        assert.equal(second.status, 0, second.stderr);
        assert.equal(snapshotsOf(folder).length, 3, `${later}\n${said}`);
        assert.equal(/^left out what the snapshot before does not have, although earlier SQL made it: (.*) of 0002_later$/m.exec(second.stdout)?.[1], laterLeft, later);
        assert.equal(/; left out, since the snapshot before does not have it: (.*)\n/.exec(said)?.[1], laterLeft, later);
        assert.match(kit(project, 'generate'), /No schema changes, nothing to migrate/, later);
    }
});

// In the order of what is done: to the schema, by a hand, by migfs.
const audit2 = { ...base, audit: "export const audit = pg.pgTable('audit', { id: pg.integer('id'), who: pg.text('who') });" };
const later = {
    'declared since, and changed': ['create table audit (id int);', fix, audit2, 'alter table audit add column who text;', fix],
    'renamed to what is declared': [audit2, 'create table draft (id int, who text);', fix, 'alter table draft rename to audit;', fix],
    'renamed within one run': [audit2, 'create table draft (id int, who text);', 'alter table draft rename to audit;', fix],
    'dropped, and made again': ['create table audit (id int);', fix, audit2, 'drop table audit;', 'CREATE TABLE "audit" (\n\t"id" integer,\n\t"who" text\n);\n', fix],
    'dropped, and made again in one file': ['create table audit (id int);', fix, audit2, 'drop table audit; create table audit (id int, who text);', fix],
    'made again where it is not there': ['create table audit (id int);', fix, audit2, 'create table if not exists audit (id int, who text); alter table audit add column if not exists who text;', fix],
    'a column that is renamed to what is declared': ['alter table users add column old text;', fix, { users: users(", icon: pg.text('icon')") }, 'alter table users rename column old to icon;', fix],
    'an index that is dropped, and made again': ['create index i on users (name);', fix, { users: users('', "pg.index('i').on(t.name)") }, 'drop index i;', 'create index i on users (name);', fix],
};

test('what was left out is put in once the schema declares it and SQL is about it', () => {
    const project = makeProject('later'), folder = path.join(project, 'drizzle'), journal = path.join(folder, 'meta', '_journal.json');
    generate(project, print(base), 'users');
    fs.cpSync(folder, path.join(project, 'first'), { recursive: true });
    for (const [what, acts] of Object.entries(later)) {
        fs.rmSync(folder, { recursive: true });
        fs.cpSync(path.join(project, 'first'), folder, { recursive: true });
        fs.writeFileSync(path.join(project, 'schema.ts'), print(base));
        for (const act of acts) {
            if (act === fix) {
                const { status, stderr } = fix(folder);
                assert.equal(status, 0, `${what}: ${stderr}`);
            } else if (typeof act === 'object') fs.writeFileSync(path.join(project, 'schema.ts'), print(act));
            else {
                const { entries, ...rest } = JSON.parse(fs.readFileSync(journal, 'utf8')), tag = `000${entries.length}_hand`;
                fs.writeFileSync(path.join(folder, `${tag}.sql`), act);
                fs.writeFileSync(journal, JSON.stringify({ ...rest, entries: [...entries, { ...entries[0], idx: entries.length, when: entries[0].when + entries.length, tag }] }, null, 2));
            }
        }
        assert.equal(snapshotsOf(folder).length, fs.readdirSync(folder).filter((name) => name.endsWith('.sql')).length, what);
        assert.match(kit(project, 'generate'), /No schema changes, nothing to migrate/, what);
    }
});

test('tables that are declared under other names are found', () => {
    const project = makeProject('creator'), folder = path.join(project, 'drizzle');
    const make = "import { pgTableCreator } from 'drizzle-orm/pg-core';\nexport const createTable = pgTableCreator((name) => `app_${name}`);\n";
    const schema = `import { integer, pgTable as table, text as string } from 'drizzle-orm/pg-core';\nimport { createTable } from './make';
        export const notes = createTable('notes', { a: integer('a'), b: string('b') });\nexport const users = table('users', { name: string('name') });\n`;
    fs.writeFileSync(path.join(project, 'make.ts'), make);
    generate(project, schema, 'first');
    writeByHand(folder, 'alter table app_notes add constraint by_hand primary key (a, b);\nalter table users add column old text;\ncreate table app_log (at date);');
    assert.match(fix(folder).stdout, /^left out what no file of your schema names.*: primary key of app_notes, column users\.old, table app_log of 0001_hand;/m);
    assert.match(kit(project, 'generate'), /No schema changes, nothing to migrate/);
});
