// The steps that sentences name, each as words to find it by and what a reader does who does as it says. What is a command, a line of
// rules, a name or a number is taken out of the sentence.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { bigUsers, generate, isClean, table } from './kit.mjs';
import { LEDGER, run } from './world.mjs';

const { MIGFS_NODE_V1 } = process.env;

const psql = (w, name, ...args) => run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', ...args, w.named(name).uri], { cwd: w.root });

async function psqlDone(w, name, ...args) {
  const { code, err } = await psql(w, name, ...args);
  assert.equal(code, 0, `psql: ${err}`);
}

// Lines for .migfs, as they stand in the sentence between backticks. Those of one verb belong together: all that are true are written.
const rule = (verb, then = () => {}) => ({
  says: new RegExp(`\`${verb} [^\`]+\``),
  take(w, problem, { isTrue = () => true }) {
    const found = [...problem.sentence.matchAll(new RegExp(`\`(${verb} [^\`]+)\``, 'g'))].map(([, line]) => line);
    const namesFor = (tag) => w.databases.filter(({ isAttached, has }) => isAttached && has.has(tag)).map(({ name }) => name);
    const tagsIn = (name) => [...w.named(name).has];
    const lines = found.flatMap((line) => {
      const [, tag, name] = line.split(' ');
      if (name === 'DATABASE') return namesFor(tag).map((it) => line.replace(/DATABASE$/, it));
      return tag === 'TAG' ? tagsIn(name).map((it) => line.replace('TAG', it)) : line;
    }).filter(isTrue);
    assert.ok(lines.length > 0);
    for (const line of lines) {
      w.rule(line);
      then(w, line.split(' '));
    }
  },
});

const said = (problem, pattern) => {
  const found = problem.sentence.match(pattern);
  assert.ok(found, `not in the sentence: ${pattern}`);
  return found;
};

function deleteMigration(w, tag) {
  const journal = w.journal;
  const entry = journal.entries.find((it) => it.tag === tag);
  fs.rmSync(w.path(`${tag}.sql`));
  fs.rmSync(w.path(`meta/${tag.match(/^\d+/)[0]}_snapshot.json`), { force: true });
  journal.entries.splice(journal.entries.indexOf(entry), 1);
  w.file('meta/_journal.json', JSON.stringify(journal, null, 2));
}

export const steps = {
  fix: {
    says: /run `migfs fix`|`migfs fix` writes/,
    async take(w, { sentence }) {
      // Literally: with no folder where the sentence names none, and with databases where it says so.
      const folder = /naming this folder/.test(sentence) ? [w.name] : [];
      const isWith = /with (the same databases|them)/.test(sentence);
      const { code, err } = await (isWith ? w.migfs('fix', ...folder) : w.alone('fix', ...folder));
      assert.equal(code, 0, `fix: ${err}`);
    },
  },
  applied: rule('applied'),
  include: rule('include'),
  exclude: rule('exclude', (w, [, glob]) => w.notMigrations.add(glob)),
  edited: rule('edited'),
  foreign: rule('foreign'),
  ignore: rule('ignore'),

  // ---- files ----

  restore: {
    says: /restore (the file|it|them(?=, else delete)|their migrations)|restore the old text|finish `drizzle-kit up` or undo it|put (it|them|[0-9]\S*) back|fills again when it (is back|can be read)/,
    take(w, problem, { back }) {
      for (const file of w.old.keys()) w.restore(file);
      back?.(w);
    },
  },
  delete: {
    says: /\bdelete it( and meta\/\S+)?(,| or|$)(?! with)/,
    take(w, problem) {
      fs.rmSync(w.path(problem.file));
      const beside = problem.sentence.match(/delete it and (meta\/\S+_snapshot\.json)/);
      if (beside) fs.rmSync(w.path(beside[1]));
    },
  },
  rename: {
    says: /rename it to (\S+?)\.sql/,
    take(w, problem) {
      const [, to] = said(problem, steps.rename.says);
      fs.renameSync(w.path(problem.file), w.path(`${to}.sql`));
      const entry = problem.sentence.match(/and the tag of its entry to (\S+?)(?:$|[;,])/);
      if (!entry) return;
      w.editEntry(problem.tag, (it) => { it.tag = entry[1]; });
    },
  },
  'rename freely': {
    says: /rename (it(?! to)|one|this one|the folder)/,
    take(w, problem, { from, to }) {
      fs.renameSync(from ? Buffer.concat([Buffer.from(`${w.folder}/`), from]) : w.path(w.kind === 'v1' ? path.dirname(problem.file) : problem.file), w.path(to));
    },
  },
  move: {
    says: /move it elsewhere|move up those|move the file into the folder/,
    take(w, problem, { from = problem.file, to }) {
      fs.renameSync(w.path(from), w.path(to));
    },
  },
  write: { // what only the reader can write
    says: /write it (before|so)|put a regular file in its place|put the right file in its place|finish the merge|save it as UTF-8|remove it(?=$|, or rewrite)|(correct|repair|fix) the file|make it a readable file|give the entry a timestamp of whole milliseconds|write it without|see which one is lost|see what is lost|correct the entry|correct it(?!s)|put its name into the entry|make it harmless in both|make a new type with the value|delete from what it writes|close it;/,
    take: (w, problem, { write }) => write(w, problem),
  },
  commands: { // as they stand in the sentence, one after the other
    says: /: git (-C \S+ )?checkout /,
    async take(w, { sentence }) {
      const cwd = /in this folder/.test(sentence) ? w.folder : w.root;
      for (const [, line] of sentence.matchAll(/: ((?:git|migfs) [^;]*)/g)) {
        const { code, err } = await w.shell(line, cwd);
        assert.equal(code, 0, `${line}: ${err}`);
      }
    },
  },
  'delete those': {
    says: /^to undo, delete (\S+(, \S+)*)$/,
    take(w, problem) {
      for (const name of said(problem, steps['delete those'].says)[1].split(', ')) fs.rmSync(w.path(name));
    },
  },
  gitattributes: {
    says: /`([^`]+)` in \.gitattributes/,
    take(w, problem) {
      fs.writeFileSync(path.join(w.root, '.gitattributes'), `${said(problem, steps.gitattributes.says)[1]}\n`);
    },
  },
  empty: {
    says: /empty (\S+)\.sql of/,
    take(w, problem, { statement }) {
      const [, tag] = said(problem, steps.empty.says);
      const text = fs.readFileSync(w.path(`${tag}.sql`), 'utf8');
      const isWhole = /of it and leave/.test(problem.sentence);
      assert.ok(isWhole || text.includes(statement));
      w.file(`${tag}.sql`, isWhole ? '-- in another migration\n' : text.replace(statement, '-- in another migration\n'));
    },
  },

  // ---- the journal ----

  'set when': {
    says: /set (?:its|their) whens? (above|below) (\d+)|set it to (\d+) again|give it a when above (\d+)/,
    take(w, problem) {
      const [, side, bound, again, above] = said(problem, steps['set when'].says);
      const tags = problem.sentence.match(/when of ((?:[0-9]\S*?, )*[0-9]\S*?)(?:, \d{3,}\D| was)/)?.[1].split(', ') ?? [problem.tag];
      tags.forEach((tag, i) => w.editEntry(tag, (entry) => {
        if (again) entry.when = Number(again);
        else if (side === 'below') entry.when = Number(bound) - tags.length + i;
        else entry.when = Number(bound ?? above) + 1 + i;
      }));
    },
  },
  'generate later': {
    says: /^its newest timestamp lies (\d+) s ahead of the clock: generate the next migration after \d{4}-\d\d-\d\dT/,
    async take(w, problem) {
      const [, seconds] = said(problem, steps['generate later'].says);
      await generate(w, 'posts', seconds * 1000);
      await isClean(w);
    },
  },
  'generate, then fix': {
    says: /, or run `migfs fix` with the same databases once it is generated$/,
    async take(w) {
      await generate(w, 'posts');
      await isClean(w);
      await steps.fix.take(w, { sentence: 'run `migfs fix` with the same databases' });
    },
  },
  'look in a copy': { // what it drops there is added to the schema
    says: /^before you commit, run `drizzle-kit (generate [^`]*)` on a copy of the folder: .*; add to the schema what is to stay$/,
    async take(w, problem, { schema }) {
      const [, line] = said(problem, steps['look in a copy'].says);
      const copy = path.join(w.root, 'copy');
      fs.cpSync(w.folder, copy, { recursive: true });
      const { code, out, err } = await w.shell(`node_modules/.bin/drizzle-kit ${line.replace('SCHEMA', "'./schema/*.ts'").replace('COPY', 'copy')} --name=look`, w.root);
      assert.equal(code, 0, out + err);
      const look = fs.readdirSync(copy).find((name) => name.endsWith('_look.sql'));
      assert.ok(look, `nothing is written into the copy: ${out}${err}`);
      schema(fs.readFileSync(path.join(copy, look), 'utf8'), w);
      fs.rmSync(copy, { recursive: true });
      await isClean(w);
    },
  },
  'declare it': { // before, generate drops nothing either
    says: /^left out what no file of your schema names, so that `drizzle-kit generate` does not drop it: .*; if the schema is to have it, undo this, add it there and run `migfs fix` again$/,
    async take(w) {
      await isClean(w);
      fs.rmSync(w.path('meta/0001_snapshot.json'));
      table(w, 'audit_log');
      await steps.fix.take(w, { sentence: 'run `migfs fix`' });
      await isClean(w);
    },
  },
  'make the change': { // before, generate does not change it back either
    says: /^left out what hand-written SQL changed although your schema has it as it was, so that `drizzle-kit generate` does not change it back: .*; if the schema is to have the change, undo this, make it there and run `migfs fix` again$/,
    async take(w) {
      await isClean(w);
      fs.rmSync(w.path('meta/0001_snapshot.json'));
      bigUsers(w);
      await steps.fix.take(w, { sentence: 'run `migfs fix`' });
      await isClean(w);
    },
  },
  'change it first': {
    says: /; first change in schema\.ts what it has as it was of this, or the next `drizzle-kit generate` changes it back$/,
    async take(w) {
      bigUsers(w);
      await steps.fix.take(w, { sentence: 'run `migfs fix`' });
      await isClean(w);
    },
  },
  'take it out': {
    says: /^your schema declares what hand-written SQL dropped: .*; the next `drizzle-kit generate` makes it again, without what was in it; if it is to stay dropped, take it out of the schema$/,
    async take(w) {
      fs.rmSync(path.join(w.root, 'schema', 'posts.ts'));
      await isClean(w);
    },
  },
  'replace what has run': {
    says: /^left out what your schema may or may not declare, so that `drizzle-kit generate` does not undo it: .*; if the next `drizzle-kit generate` writes this again, replace those statements in its file with a comment, since earlier SQL has them$/,
    async take(w) {
      const file = w.path(`${await generate(w, 'again')}.sql`);
      assert.equal(fs.readFileSync(file, 'utf8'), 'ALTER TABLE "users" ADD CONSTRAINT "users_a_unique" UNIQUE("a");');
      fs.writeFileSync(file, '-- see 0001_unique\n');
      await isClean(w);
    },
  },
  'try first': { // and where it fails, which `place` says, what the page says then: the entry gets its place by hand
    says: /so try the journal on an empty database first/,
    async take(w, problem, { place }) {
      const trial = await w.away('trial');
      const failure = await w.deploy(trial).then(() => null, (error) => error);
      assert.equal(Boolean(failure), Boolean(place), `the trial ${failure ? `fails: ${failure.cause?.message ?? failure.message}` : 'does not fail'}`);
      place?.(w);
    },
  },
  'set idx': {
    says: /; set it to (\d+)$/,
    take(w, problem) {
      const [, tag] = said(problem, /^idx of (\S+?),/);
      w.editEntry(tag, (entry) => { entry.idx = Number(said(problem, steps['set idx'].says)[1]); });
    },
  },
  multiply: {
    says: /multiply it by 1000/,
    take(w, problem) {
      w.editEntry(problem.tag, (entry) => { entry.when *= 1000; });
    },
  },
  'real timestamp': {
    says: /give (the entry|that row and its entry) a real timestamp|give that row its real timestamp|change the entry's timestamp|give it another when/,
    take: (w, problem, { write }) => write(w, problem),
  },
  'generate again': {
    says: /delete it with its entry and (its|this) snapshot, and generate it again/,
    // `first`: what is between the two on a branch.
    async take(w, problem, { tag = problem.tag, first = () => {} }) {
      deleteMigration(w, tag);
      await first(w);
      await generate(w, tag.replace(/^\d+_/, ''));
      await isClean(w);
    },
  },

  'generate custom': {
    says: /make it a migration of its own with `drizzle-kit generate --custom`/,
    async take(w, problem) {
      const before = new Set(fs.readdirSync(w.folder));
      const kit = path.join(MIGFS_NODE_V1, 'node_modules/.bin/drizzle-kit');
      fs.writeFileSync(path.join(w.root, 'schema.ts'), 'export {};\n');
      const { code, out, err } = await run(kit, ['generate', '--custom', '--name=own', '--dialect=postgresql', '--schema=schema.ts', `--out=${w.name}`], { cwd: w.root });
      assert.equal(code, 0, out + err);
      const [made] = fs.readdirSync(w.folder).filter((name) => !before.has(name));
      fs.renameSync(w.path(problem.file), w.path(`${made}/migration.sql`));
    },
  },
  'move in': { // what a link leads to
    says: /put the folder itself in its place/,
    take: (w, problem, { write }) => write(w, problem),
  },

  // ---- databases ----

  'own journal': {
    says: /(deploy each database with its own|use) databases\/<name>\/_journal\.json/,
    async take(w) {
      for (const database of w.databases.filter(({ isAttached }) => isAttached)) {
        const folder = path.join(w.root, `for ${database.name}`);
        fs.cpSync(w.folder, folder, { recursive: true });
        fs.writeFileSync(path.join(folder, 'meta/_journal.json'), await w.print(`databases/${database.name}/_journal.json`));
        const lacks = w.tags.filter((tag) => !database.has.has(tag));
        assert.deepEqual((await w.deploy(database, folder)).sort(), lacks, `from the journal of ${database.name}`);
      }
    },
  },
  attach: {
    says: /[Aa]ttach (the right one|the databases that have run any of these files|production)|name it with --migrations-schema and --migrations-table|is this the migrations folder\?|use the folder for PostgreSQL/,
    take: (w, problem, { write }) => write(w, problem),
  },
  baseline: {
    says: /databases\/(\S+)\/baseline\.sql(?:, run with psql, records|.*, each run with psql, record| with psql)/,
    async take(w, problem) {
      said(problem, steps.baseline.says);
      for (const [, name] of problem.sentence.matchAll(/databases\/(\S+)\/baseline\.sql/g)) {
        const file = path.join(w.root, 'baseline.sql');
        fs.writeFileSync(file, await w.print(`databases/${name}/baseline.sql`));
        await psqlDone(w, name, '-f', file);
      }
    },
  },
  uncomment: { // in the file that records what is there
    says: /databases\/\S+\/baseline\.sql, (run with psql, records .*; .* in a copy of that|each run with psql, record .*; .* in a copy of each) file, first uncomment the row of each that did/,
    async take(w, problem) {
      said(problem, steps.uncomment.says);
      for (const [, name] of problem.sentence.matchAll(/databases\/(\S+)\/baseline\.sql/g)) {
        const file = path.join(w.root, 'baseline.sql');
        fs.writeFileSync(file, (await w.print(`databases/${name}/baseline.sql`)).replace(/^-- (INSERT|  WHERE)/gm, '$1'));
        await psqlDone(w, name, '-f', file);
      }
    },
  },
  'run by hand': {
    says: /has a row in databases? (.*?), but .* run its SQL there by hand/,
    async take(w, problem) {
      const [, names] = said(problem, steps['run by hand'].says);
      for (const name of names.split(', ')) await psqlDone(w, name, '-f', w.path(`${problem.tag}.sql`));
    },
  },
  'drop the ledger': {
    says: /drop the ledger as well/,
    async take(w, problem) {
      await w.named(problem.database).query(`drop table ${LEDGER}`);
      w.named(problem.database).has.clear();
    },
  },
  'in the database': { // what is done there with psql, and has no words of its own
    says: /set it to the when|give that row its timestamp|make (the rest|what is missing)|drop what is there|remove the rule|set the name of|delete those rows|fix the migration|drop what is there/,
    take: (w, problem, { write }) => write(w, problem),
  },
  'put right': {
    says: /cannot be read, so .*: ./,
    take: (w, problem, { write }) => write(w, problem),
  },
};
