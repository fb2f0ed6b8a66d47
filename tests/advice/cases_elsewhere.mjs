// Steps that are named elsewhere than in a problem's sentence: why the journal is refused (in `changes`, `summary` and on standard error of
// fix), what fix prints, and what print says of its own output. `line`: by what the sentence is found; `listen`: where.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { generate, makeProject, table } from './kit.mjs';
import { crossed, deployed, linkedOut, putInPlace } from './situations.mjs';
import { FIRST, LEDGER, sha256, STEP, withMarkBetween } from './world.mjs';

// One for which a timestamp is made that lies most of a minute ahead.
const tagAhead = withMarkBetween('0001_tags', 45_000, 60_000);

const writeConfig = (w, config) => fs.writeFileSync(path.join(w.root, 'drizzle.config.json'), JSON.stringify({ dialect: 'postgresql', out: `./${w.name}`, ...config }));

// A config that is a program, of which the schema is not known.
function writeProgram(w) {
  fs.rmSync(path.join(w.root, 'drizzle.config.json'));
  fs.writeFileSync(path.join(w.root, 'drizzle.config.ts'), `const schema = './schema/*.ts';\nexport default { dialect: 'postgresql', schema: schema, out: './${w.name}' };\n`);
}

const at = (n) => FIRST + n * STEP;
const journal = 'meta/_journal.json';
const inChanges = async (w) => (await w.migfs('print', w.name, 'changes')).out;
const inSummary = async (w) => (await w.migfs('print', w.name, 'summary')).out;
const fromFix = async (w) => (await w.migfs('fix', '--dry-run', w.name)).err;

const refusals = [
  {
    code: 'journal-unreadable', step: 'commands', line: /meta\/_journal\.json is empty/, where: 'refused, an empty journal',
    async make(w) {
      await deployed(w);
      await w.commit();
      w.file(journal, '');
    },
  },
  {
    code: 'journal-unreadable', step: 'write', line: /no database is attached to rebuild it from/, where: 'refused, without a database',
    async make(w) {
      await deployed(w);
      w.databases[0].isAttached = false;
      w.edit(journal, 'x');
    },
    write: (w) => w.restore(journal),
  },
  {
    code: 'journal-unreadable', step: 'write', line: /do not show for certain what was in it/, where: 'refused, files and rows do not show all',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.edit(journal, 'x');
    },
    write: (w) => w.restore(journal),
  },
  {
    code: 'bad-file', step: 'write', line: /\.migfs cannot be read/, where: 'refused, the rules are a folder',
    async make(w) {
      await deployed(w);
      fs.mkdirSync(w.path('.migfs'));
    },
    write(w) {
      fs.rmdirSync(w.path('.migfs'));
      w.file('.migfs', '# none\n');
    },
  },
  {
    code: 'bad-file', step: 'write', line: /Drizzle may find a file for it where migfs does not read/, where: 'refused, a link that leads out',
    make: linkedOut,
    write: putInPlace,
  },
  {
    code: 'bad-file', step: 'exclude', line: /Drizzle may find a file for it where migfs does not read/, where: 'refused, a link that leads out, and no migration',
    async make(w) {
      await deployed(w);
      fs.writeFileSync(`${w.root}/tags.sql`, 'create table tags (id integer);\n');
      w.migration('0002_tags');
      fs.rmSync(w.path('0002_tags.sql'));
      fs.rmSync(w.path('meta/0002_snapshot.json'));
      fs.symlinkSync('../tags.sql', w.path('0002_tags.sql'));
      w.notMigrations.add('0002_tags');
    },
    next: [{ code: 'excluded', step: 'fix', listen: undefined }],
  },
  {
    code: 'wrong-database', step: 'foreign', line: /another project's database\?/, where: 'refused, rows of another application',
    async make(w) {
      w.migration('0000_users');
      const shop = await w.database('shop');
      await shop.row(sha256('another'), at(0) - 10);
    },
  },
  {
    code: 'wrong-database', step: 'applied', line: /another project's database\?/, where: 'refused, after a squash',
    tags: ['0000_all'],
    async make(w) {
      w.migration('0000_all', at(8), 'create table users (id integer);\n');
      const production = await w.database('production');
      await production.query('create table users (id integer)');
      production.has.add('0000_all');
      await production.row(sha256('before'), at(1));
    },
    next: [{ code: 'rerun', step: 'fix', listen: undefined }, { code: 'unknown-row', step: 'ignore', listen: undefined }],
  },
  {
    code: 'held', step: 'exclude', line: /is held by the number of/, where: 'refused, held by the number of one that is gone',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2));
      fs.renameSync(w.path('0002_tags.sql'), w.path('0002_marks.sql'));
      w.notMigrations.add('0002_marks');
    },
    next: [{ code: 'missing', step: 'fix', listen: undefined }], leaves: ['snapshot-overwrite'],
  },
  {
    code: 'ran-by-hand', step: 'exclude', line: /but not in every other, and no row says that it ran/, where: 'refused, there in one of two',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags', 'create table tags (id integer);\n');
      await w.byHand('production', '0002_tags');
      w.named('away').isAttached = true;
    },
    leaves: ['snapshot-overwrite'], schemas: false,
  },
  {
    code: 'ran-by-hand', step: ['include', 'baseline'], line: /but not in every other, and no row says that it ran/, where: 'refused, there in one of two, and a migration',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags', 'create table tags (id integer);\n');
      await w.byHand('production', '0002_tags');
      w.named('away').isAttached = true;
    },
    next: [{ code: 'unjournaled', step: 'fix', listen: undefined }],
  },
  {
    code: 'null-created-at', step: 'in the database', line: /has a row whose created_at is NULL/, where: 'refused, NULL',
    async make(w) {
      await deployed(w);
      await w.named('production').query(`update ${LEDGER} set created_at = null where id = 2`);
    },
    write: (w) => w.named('production').query(`update ${LEDGER} set created_at = ${at(1)} where id = 2`),
  },
  {
    code: 'watermark-future', step: 'real timestamp', line: /is so high that no timestamp can be above it/, where: 'refused, no room',
    async make(w) {
      await deployed(w);
      await w.named('production').query(`update ${LEDGER} set created_at = 9223372036854775807 where id = 2`);
    },
    write: (w) => w.named('production').query(`update ${LEDGER} set created_at = ${at(1)} where id = 2`),
  },
  {
    code: 'conflict', step: 'own journal', line: /no timestamp is right for 0001_posts/, where: 'refused, no timestamp is right for both',
    make: crossed,
  },
].map((it, i) => ({ listen: [inChanges, inSummary, fromFix][i % 3], ...it }));

const others = [
  {
    code: 'ran-by-hand', step: 'baseline', line: /^migfs: still open: .* \[ran-by-hand\]$/, where: 'what fix says of a run that will abort, and writes the rest',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.sql('0003_likes');
      await w.byHand('production', '0002_tags');
    },
    async listen(w) {
      const { code, err } = await w.migfs('fix', w.name);
      assert.equal(code, 0, err);
      // Each with the other, and gone with it.
      assert.equal(/ran-by-hand/.test(err), /the next run in database production, by the consistent journal, aborts at line 1 of 0002_tags\.sql/.test(err), err);
      return err;
    },
  },
  ...['include', 'exclude'].map((step) => ({
    code: 'held', step, line: /^migfs: for you to decide: .* \[held\]$/, where: `what fix says of a file that is held: ${step}`,
    async make(w) {
      await deployed(w);
      w.sql('0001_tags', 'create table tags (id integer);\n');
    },
    async listen(w) {
      const { code, err } = await w.migfs('fix', w.name);
      assert.equal(code, 0, err);
      return err;
    },
    leaves: ['duplicate-prefix'],
    next: step === 'include' ? [{ code: 'unjournaled', step: 'fix', listen: undefined }] : [],
  })),
  {
    code: 'unjournaled', step: 'commands', line: /^to undo: git /, where: 'what fix prints of how to undo it, and fixed again', isSaidAgain: true,
    async make(w) {
      await deployed(w, '0002_tags');
      await w.commit();
    },
    listen: async (w) => (await w.migfs('fix', w.name)).out,
    next: [{ code: 'unjournaled', step: 'fix', listen: undefined }],
  },
  {
    code: 'snapshot-missing', step: 'delete those', line: /^to undo, delete /, where: 'what fix prints of how to undo a snapshot, and fixed again', isSaidAgain: true,
    async make(w) {
      w.migration('0000_start', at(0), '-- nothing yet\n');
      w.file('meta/0000_snapshot.json', JSON.stringify({ id: '00000000-0000-4000-8000-000000000001', prevId: '00000000-0000-0000-0000-000000000000', version: '7', dialect: 'postgresql',
        tables: {}, enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {}, _meta: { columns: {}, schemas: {}, tables: {} } }, null, 2));
      await w.deploy(await w.database('production'));
      w.migration('0001_posts', at(1), 'CREATE TABLE "posts" (\n\t"id" integer\n);\n');
      fs.rmSync(w.path('meta/0001_snapshot.json'));
    },
    listen: async (w) => (await w.migfs('fix', w.name)).out,
    next: [{ code: 'snapshot-missing', step: 'fix', listen: undefined }],
  },
  ...[
    // What is to be typed is all there, or what is not known is named.
    ['and the config names the schema'],
    ['and the config names several files', (w) => writeConfig(w, { schema: ['./schema/users.ts', './schema/posts*.ts'] })],
    ['and the config has casing', (w) => writeConfig(w, { schema: './schema/*.ts', casing: 'snake_case' })],
    ['and the config does not say plainly where the schema is', writeProgram],
  ].map(([where, config]) => ({
    code: 'snapshot-missing', step: 'look in a copy', line: /^before you commit, run `drizzle-kit generate /, where: `what fix prints of a snapshot from SQL that looks like drizzle-kit's, ${where}`, isSaidAgain: true,
    async make(w) {
      makeProject(w);
      config?.(w);
      table(w, 'users');
      await generate(w, 'users');
      await w.deploy(await w.database('production'));
      w.migration('0001_posts', w.journal.entries[0].when + 1000, 'CREATE TABLE "posts" (\n\t"id" integer\n);\n');
      fs.rmSync(w.path('meta/0001_snapshot.json'), { force: true });
    },
    listen: async (w) => (await w.migfs('fix', w.name)).out,
    schema(sql, w) {
      assert.equal(sql, 'DROP TABLE "posts" CASCADE;');
      table(w, 'posts');
    },
  })),
  {
    code: 'snapshot-missing', step: 'declare it', line: /what no file of your schema names/, where: 'what fix prints of a hand-written table that schema.ts lacks', isSaidAgain: true,
    async make(w) {
      makeProject(w);
      table(w, 'users');
      await generate(w, 'users');
      await w.deploy(await w.database('production'));
      w.migration('0001_audit', w.journal.entries[0].when + 1000, 'create table audit_log (id integer);\n');
      fs.rmSync(w.path('meta/0001_snapshot.json'), { force: true });
    },
    listen: async (w) => (await w.migfs('fix', w.name)).out,
  },
  ...[
    { code: 'snapshot-missing', step: 'make the change', line: /what hand-written SQL changed although/, where: 'what fix prints of a type that a hand changed', isSaidAgain: true, listen: async (w) => (await w.migfs('fix', w.name)).out },
    { code: 'snapshot-missing', step: 'change it first', where: 'a hand changed a type' },
  ].map((it) => ({
    ...it,
    async make(w) {
      makeProject(w);
      table(w, 'users');
      await generate(w, 'users');
      await w.deploy(await w.database('production'));
      const { journal } = w;
      journal.entries.push({ ...journal.entries[0], idx: 1, when: journal.entries[0].when + 1000, tag: '0001_big' });
      w.file('0001_big.sql', 'alter table users alter column id type bigint;\n');
      w.file('meta/_journal.json', JSON.stringify(journal, null, 2));
      fs.rmSync(w.path('meta/0001_snapshot.json'), { force: true });
    },
  })),
  {
    code: 'snapshot-missing', step: 'take it out', line: /^your schema declares what hand-written SQL dropped/, where: 'what fix prints of a table that a hand dropped', isSaidAgain: true,
    async make(w) {
      makeProject(w);
      for (const name of ['users', 'posts']) table(w, name);
      await generate(w, 'users');
      await w.deploy(await w.database('production'));
      w.migration('0001_no_posts', w.journal.entries[0].when + 1000, 'drop table posts;\n');
      fs.rmSync(w.path('meta/0001_snapshot.json'), { force: true });
    },
    listen: async (w) => (await w.migfs('fix', w.name)).out,
  },
  {
    code: 'snapshot-missing', step: 'replace what has run', line: /what your schema may or may not declare/, where: 'what fix prints of two uniques by hand, of which the schema declares one without a name', isSaidAgain: true,
    async make(w) {
      makeProject(w);
      const users = (a) => fs.writeFileSync(path.join(w.root, 'schema', 'users.ts'),
        `import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { a: integer('a')${a}, b: integer('b') });\n`);
      users('');
      await generate(w, 'users');
      users('.unique()');
      await w.deploy(await w.database('production'));
      w.migration('0001_unique', w.journal.entries[0].when + 1, 'alter table users add constraint users_a_unique unique (a), add constraint users_b_unique unique (b);\n');
      fs.rmSync(w.path('meta/0001_snapshot.json'), { force: true });
    },
    listen: async (w) => (await w.migfs('fix', w.name)).out,
  },
  ...['generate later', 'generate, then fix'].map((step) => ({
    code: 'unjournaled', step, line: /^its newest timestamp lies .* generate the next migration after/, where: 'what fix prints of a timestamp ahead of the clock', isSaidAgain: true,
    async make(w) {
      makeProject(w);
      table(w, 'users');
      await generate(w, 'users');
      await w.deploy(await w.database('production'));
      await w.deploy(await w.away('away'));
      w.file(`${tagAhead}.sql`, 'CREATE TABLE "tags" (\n\t"id" integer\n);\n');
      table(w, 'tags');
      table(w, 'posts');
    },
    async listen(w) {
      const { out } = await w.migfs('fix', w.name);
      if (step === 'generate, then fix') await w.deploy(w.named('production'));
      return out;
    },
  })),
  {
    code: 'journal-unreadable', step: 'commands', line: /standard output is the journal itself/, where: 'print onto the journal itself', isSaidAgain: true,
    async make(w) {
      await deployed(w, '0002_tags');
      await w.commit();
    },
    listen: async (w) => (await w.shell(`"$MIGFS" print ${w.databaseOptions.map((it) => `'${it}'`).join(' ')} ${w.name} _journal.json >${w.name}/${journal}`)).err,
  },
];

export const elsewhere = [...refusals, ...others];
