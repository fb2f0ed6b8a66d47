// The steps that sentences name, each as words to find it by and what a reader does who does as it says. What is a command, a line of
// rules, a name or a number is taken out of the sentence.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { LEDGER, run } from './world.mjs';

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
    const lines = found.flatMap((line) => (line.endsWith(' DATABASE')
      ? namesFor(line.split(' ')[1]).map((name) => line.replace(/DATABASE$/, name)) : line)).filter(isTrue);
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
    says: /restore (the file|it|their migrations)|put the old text back|finish `drizzle-kit up` or take it back|put (it|them|[0-9]\S*) back/,
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
    says: /move it elsewhere|move those up|move the file into the folder/,
    take(w, problem, { from = problem.file, to }) {
      fs.renameSync(w.path(from), w.path(to));
    },
  },
  write: { // what only the reader can write
    says: /write it (before|so)|put a file in its place|put the right file in its place|finish the merge|save it as UTF-8|take it out|correct the file|write it without|see which is lost|see what is lost|correct the entry|correct it(?!s)|write its name into the entry|make it harmless in both|make a new type with the value|delete from what it writes/,
    take: (w, problem, { write }) => write(w, problem),
  },
  gitattributes: {
    says: /with `([^`]+)` in \.gitattributes/,
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
    says: /give (the entry|that row, and the entry it is of,) a real timestamp|change the entry's timestamp|give it another when/,
    take: (w, problem, { write }) => write(w, problem),
  },
  'generate again': {
    says: /delete it with its entry and (its|this) snapshot, and generate it again/,
    async take(w, problem, { tag = problem.tag, write }) {
      deleteMigration(w, tag);
      await write(w, problem);
    },
  },

  // ---- databases ----

  'own journal': {
    says: /deploy each database with its own databases\/<name>\/_journal\.json/,
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
    says: /[Aa]ttach (the right one|the databases that have run any of it|production)|name it with --migrations-schema and --migrations-table|is this the migrations folder\?|name the folder for PostgreSQL/,
    take: (w, problem, { write }) => write(w, problem),
  },
  baseline: {
    says: /databases\/(\S+)\/baseline\.sql(?:, run with psql, records| with psql)/,
    async take(w, problem) {
      const [, name] = said(problem, steps.baseline.says);
      const file = path.join(w.root, 'baseline.sql');
      fs.writeFileSync(file, await w.print(`databases/${name}/baseline.sql`));
      await psqlDone(w, name, '-f', file);
    },
  },
  'run by hand': {
    says: /run its SQL there by hand/,
    async take(w, problem) {
      await psqlDone(w, problem.database, '-f', w.path(`${problem.tag}.sql`));
    },
  },
  'drop the ledger': {
    says: /drop the ledger, too/,
    async take(w, problem) {
      await w.named(problem.database).query(`drop table ${LEDGER}`);
      w.named(problem.database).has.clear();
    },
  },
  'in the database': { // what is done there with psql, and has no words of its own
    says: /set it to the when|make (the rest|what is missing)|drop what is there|take the rule away|set the name of|delete those rows|put the migration right|drop what is there/,
    take: (w, problem, { write }) => write(w, problem),
  },
  'put right': {
    says: /cannot be read, so .*: ./,
    take: (w, problem, { write }) => write(w, problem),
  },
};
