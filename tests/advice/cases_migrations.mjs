// Migrations that do not run, run again, or run with another text.
import fs from 'node:fs';
import { deployed } from './situations.mjs';
import { FIRST, sha256, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;

// 0001_posts came from a branch after 0002_tags had been deployed.
async function late(w) {
  w.migration('0000_users');
  w.sql('0001_posts');
  w.sql('0002_tags');
  w.entry('0002_tags', at(2));
  await w.database('production');
  await w.ran('production', '0000_users', '0002_tags');
  w.entries.splice(1, 1);
  w.entry('0001_posts', at(1), 1);
  w.entry('0002_tags', at(2), 2);
}

// Not in the journal, and its number is that of a listed one.
async function leftover(w) {
  await deployed(w);
  w.sql('0001_old_posts');
}

export const migrations = [
  { code: 'unjournaled', step: 'fix', where: 'a database', make: (w) => deployed(w, '0002_tags', '0003_likes') },
  {
    code: 'unjournaled', step: 'fix', where: 'without a database', leaves: ['snapshot-missing'],
    async make(w) {
      await deployed(w, '0002_tags');
      w.databases[0].isAttached = false;
    },
  },
  {
    code: 'unjournaled', step: 'fix', where: 'a database that is behind, an empty one, and one ahead that is not attached',
    async make(w) {
      w.migration('0000_users');
      await w.deploy(await w.database('behind'));
      w.migration('0001_posts', at(40));
      await w.database('new');
      await w.deploy(await w.away('ahead'));
      w.sql('0002_tags');
    },
  },
  {
    code: 'unjournaled', step: ['fix', 'try first'], where: 'without a database, and one that is listed needs it',
    async make(w) {
      w.migration('0000_users');
      w.migration('0002_tags', at(2), 'alter table posts add tag text;\n');
      w.sql('0001_posts');
    },
    place: (w) => w.placeBefore('0001_posts', '0002_tags'), leaves: ['duplicate-idx', 'snapshot-overwrite', 'journal-incomplete'],
  },
  ...['with a database', 'without one'].map((where) => ({
    code: 'unjournaled', step: ['fix', 'try first'], where: `the renamed file of an entry, with a number above that of one that needs it, ${where}`,
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      w.migration('0002_tags', at(2), 'alter table posts add tag text;\n');
      fs.renameSync(w.path('0001_posts.sql'), w.path('0003_articles.sql'));
      fs.renameSync(w.path('meta/0001_snapshot.json'), w.path('meta/0003_snapshot.json'));
      if (where === 'with a database') await w.database('production');
    },
    place: (w) => w.placeBefore('0003_articles', '0002_tags'), leaves: ['duplicate-idx', 'snapshot-overwrite', 'journal-incomplete'],
  })),
  {
    code: 'unjournaled', step: 'exclude',
    async make(w) {
      await deployed(w);
      w.file('0002_tags.sql', 'create table tags (id integer);\n');
    },
  },
  {
    code: 'unjournaled', step: 'exclude', where: 'a name with signs of the shell and of globs',
    async make(w) {
      await deployed(w);
      w.migration('0002_its_new');
      w.file("0003_it's [new] #1 *.sql", 'create table tags (id integer);\n');
      w.notMigrations.add("0003_it's [new] #1 *");
    },
  },
  {
    code: 'unjournaled', step: 'applied', where: 'run by hand, and nothing shows it',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags', "insert into users values (1);\n");
      await w.byHand('production', '0002_tags');
    },
    // Its timestamp cannot lie above the watermark of production.
    without: ['away'], next: [{ code: 'journal-incomplete', step: 'fix' }],
  },
  { code: 'skipped', step: 'fix', make: late },
  {
    code: 'skipped', step: 'fix', where: 'one that runs by the journal on disk, too, and one that is not attached and has both',
    async make(w) {
      await late(w);
      await w.away('away');
      await w.ran('away', '0000_users', '0001_posts', '0002_tags');
      w.migration('0003_likes');
    },
    // Its timestamp has to move for production, and the summary says what that means for the other.
    without: ['away'],
  },
  {
    code: 'skipped', step: 'applied', where: 'in one of two, and the other is to get it',
    async make(w) { // recorded at the wall clock, above what was generated since
      await deployed(w);
      await w.database('us');
      await w.ran('us', '0000_users', '0001_posts');
      w.migration('0002_tags');
      await w.byHand('us', '0002_tags');
      await w.named('us').row(sha256(w.text('0002_tags')), at(20));
      w.migration('0003_likes', at(3), 'insert into users values (7);\n');
      await w.byHand('us', '0003_likes');
    },
  },
  {
    code: 'skipped', step: 'applied',
    async make(w) {
      await late(w);
      fs.writeFileSync(w.path('0001_posts.sql'), 'insert into users values (1);\n');
      await w.byHand('production', '0001_posts');
    },
  },
  {
    code: 'skipped', step: 'applied', where: 'in one of two databases',
    async make(w) {
      await late(w);
      fs.writeFileSync(w.path('0001_posts.sql'), 'insert into users values (1);\n');
      await w.byHand('production', '0001_posts');
      await w.database('staging');
      await w.ran('staging', '0000_users', '0002_tags');
    },
    isTrue: (line) => line.endsWith(' production'), next: [{ code: 'conflict', step: 'own journal' }],
  },
  {
    code: 'conflict', step: 'applied', where: 'it was run by hand where it has no row',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts', at(1), 'insert into users values (1);\n');
      w.migration('0002_tags');
      await w.database('staging');
      await w.ran('staging', '0000_users', '0001_posts');
      await w.database('production');
      await w.ran('production', '0000_users', '0002_tags');
      await w.byHand('production', '0001_posts');
    },
  },
  {
    code: 'rerun', step: 'fix',
    async make(w) {
      await deployed(w);
      w.editEntry('0001_posts', (entry) => { entry.when = at(7); });
    },
    without: ['away'], // it would have run again there, whatever is done about production
  },
  {
    code: 'rerun', step: 'fix', where: 'the timestamp was published, and moves back',
    async make(w) {
      await deployed(w);
      w.editEntry('0000_users', (entry) => { entry.when = at(7); });
    },
  },
  {
    code: 'rerun', step: 'fix', where: 'recorded by hand, in seconds',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.byHand('production', '0002_tags');
      await w.named('production').row(sha256(w.text('0002_tags')), at(2) / 1000);
      w.migration('0003_likes');
    },
    without: ['away'], // it gets a timestamp that lies below what that has run, as `changes` says
  },
  {
    code: 'rerun', step: 'fix', where: "recorded by hand, with another's timestamp",
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      await w.byHand('production', '0002_tags');
      await w.named('production').row(sha256(w.text('0002_tags')), at(1));
      w.migration('0003_likes');
    },
    without: ['away'],
  },
  {
    code: 'rerun', step: 'fix', where: 'taken back, and generated again under another name',
    async make(w) {
      await deployed(w);
      fs.renameSync(w.path('0001_posts.sql'), w.path('0001_posting.sql'));
      w.editEntry('0001_posts', (entry) => Object.assign(entry, { tag: '0001_posting', when: at(8) }));
      for (const { has } of w.databases) if (has.delete('0001_posts')) has.add('0001_posting');
    },
  },
  { code: 'held', step: 'delete', make: leftover },
  { code: 'held', step: 'exclude', make: leftover },
  {
    code: 'held', step: ['include'], where: 'the number of another', make: leftover,
    next: [{ code: 'unjournaled', step: 'fix' }],
    leaves: ['duplicate-prefix'],
  },
  {
    code: 'held', step: 'delete', where: 'the same bytes',
    async make(w) {
      await deployed(w);
      w.sql('0002_posts', w.text('0001_posts'));
    },
  },
  {
    code: 'held', step: 'exclude', where: 'named like a copy, with a blank',
    async make(w) {
      await deployed(w);
      w.file('0001_posts copy.sql', 'select 1;\n');
      w.notMigrations.add('0001_posts copy');
    },
  },
  {
    code: 'held', step: ['include', 'applied'], where: 'renamed and edited, and it ran under the old name',
    async make(w) {
      await deployed(w);
      fs.renameSync(w.path('0001_posts.sql'), w.path('0001_articles.sql'));
      fs.appendFileSync(w.path('0001_articles.sql'), '-- another name\n');
      const [production] = w.databases;
      production.has.delete('0001_posts');
      production.has.add('0001_articles');
    },
    next: [{ code: 'missing', step: 'fix' }, { code: 'unknown-row', step: 'ignore' }],
    without: ['away'],
  },
  {
    code: 'held', step: 'rename freely', where: 'a name that is not UTF-8', from: Buffer.from('0002_caf\xe9.sql', 'latin1'), to: '0002_cafe.sql',
    async make(w) {
      await deployed(w);
      fs.writeFileSync(Buffer.concat([Buffer.from(`${w.folder}/`), this.from]), 'create table cafe (id integer);\n');
    },
    next: [{ code: 'unjournaled', step: 'fix' }], leaves: ['snapshot-missing'],
  },
  {
    code: 'excluded', step: 'fix',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.rule('exclude 0002_tags');
      w.notMigrations.add('0002_tags');
    },
  },
  {
    code: 'modified', step: 'restore',
    async make(w) {
      await deployed(w);
      w.edit('0000_users.sql', 'create table "users" (id integer, name text);\n');
    },
  },
  {
    code: 'modified', step: 'edited',
    async make(w) {
      await deployed(w);
      w.edit('0000_users.sql', 'create table if not exists "users" (id integer);\n');
    },
  },
  {
    code: 'modified', step: 'edited', where: 'a name with a blank and a bracket, of two that are alike',
    async make(w) {
      w.migration('0000_users [old]', at(0), 'create table users (id integer);\n');
      w.migration('0001_posts', at(1));
      await w.deploy(await w.database('production'));
      w.edit('0000_users [old].sql', 'create table if not exists users (id integer);\n');
    },
  },
  {
    code: 'modified', step: 'real timestamp', where: 'another migration ran under its timestamp',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      await w.deploy(await w.database('production'));
      fs.rmSync(w.path('0001_posts.sql'));
      w.editEntry('0001_posts', (entry) => { entry.tag = '0001_tags'; });
      w.file('0001_tags.sql', 'create table tags (id integer);\n');
      w.databases[0].has.delete('0001_posts');
    },
    write(w) {
      w.editEntry('0001_tags', (entry) => { entry.when = at(5); });
    },
    schemas: false,
    leaves: ['unknown-row'],
  },
  {
    code: 'commit-forgets', step: 'applied',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      w.migration('0002_tags');
      await w.database('staging');
      await w.ran('staging', '0000_users', '0001_posts', '0002_tags');
      await w.database('production');
      await w.ran('production', '0000_users');
      await w.named('production').row('of another branch', at(1) + 50000);
      w.edit('0001_posts.sql', 'create table posts (id integer);\n-- edited\n');
    },
    next: [{ code: 'skipped', step: 'fix' }], leaves: ['modified', 'unknown-row', 'partly-effective'],
  },
  {
    code: 'missing', step: 'restore',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.remove('0001_posts.sql');
    },
  },
  {
    code: 'missing', step: 'fix', where: 'gone for good',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.remove('0002_tags.sql');
      fs.rmSync(w.path('meta/0002_snapshot.json'));
    },
  },
  {
    code: 'held', step: 'exclude', where: 'named like a copy, beside one whose name differs in a blank',
    async make(w) {
      await deployed(w);
      w.file('0002_tags copy.sql', 'create table tags (id integer);\n');
      w.migration('0002_tags_copy', at(2));
      w.notMigrations.add('0002_tags copy');
    },
  },
  {
    code: 'sql-empty', step: 'write',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), '');
    },
    write: (w) => w.file('0002_tags.sql', '-- nothing to do on PostgreSQL\n'),
  },
  {
    code: 'sql-encoding', step: 'write', where: 'UTF-16',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), Buffer.from('\ufeffcreate table tags (id integer);\n', 'utf16le'));
    },
    write: (w) => w.file('0002_tags.sql', 'create table tags (id integer);\n'),
  },
  {
    code: 'sql-encoding', step: 'write', where: 'a byte order mark',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), '\ufeffcreate table tags (id integer);\n');
    },
    write: (w) => w.file('0002_tags.sql', 'create table tags (id integer);\n'),
  },
  {
    code: 'sql-encoding', step: 'write', where: 'a NUL',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), 'create table tags (id integer);\0\n');
    },
    write: (w) => w.file('0002_tags.sql', 'create table tags (id integer);\n'),
  },
  {
    code: 'sql-encoding', step: 'write', where: 'Latin 1',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), Buffer.from('create table tags (id integer); -- caf\xe9\n', 'latin1'));
    },
    write: (w) => w.file('0002_tags.sql', 'create table tags (id integer); -- café\n'),
  },
  {
    code: 'sql-conflict', step: 'write',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), '<<<<<<< HEAD\ncreate table tags (id integer);\n=======\ncreate table tags (id bigint);\n>>>>>>> other\n');
    },
    write: (w) => w.file('0002_tags.sql', 'create table tags (id bigint);\n'),
  },
  {
    code: 'same-sql', step: 'empty', where: 'a whole file', of: ({ sentence }) => sentence.includes('of it and'),
    async make(w) {
      await deployed(w);
      w.migration('0002_posts', at(2), w.text('0001_posts').toString());
    },
  },
  {
    code: 'same-sql', step: 'empty', where: 'a statement', statement: 'create table "posts" (id integer);',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), 'create table "posts" (id integer);\n--> statement-breakpoint\ncreate table tags (id integer);\n');
    },
  },
  {
    code: 'same-sql', step: 'empty', where: 'the earlier of the two has run nowhere', statement: 'create table "tags" (id integer);',
    async make(w) {
      w.migration('0000_users');
      w.sql('0001_posts', 'create table "posts" (id integer);\n--> statement-breakpoint\ncreate table "tags" (id integer);\n');
      w.migration('0002_tags', at(2));
      await w.database('production');
      await w.ran('production', '0000_users', '0002_tags');
    },
    next: [{ code: 'unjournaled', step: 'fix' }],
  },
  {
    code: 'same-sql', step: 'write', where: 'each has run somewhere',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      w.migration('0002_tags', at(2), 'create table "posts" (id integer);\n--> statement-breakpoint\ncreate table tags (id integer);\n');
      await w.database('staging');
      await w.ran('staging', '0000_users', '0001_posts');
      await w.database('production');
      await w.ran('production', '0000_users', '0002_tags');
    },
    write(w) {
      for (const tag of ['0001_posts', '0002_tags']) {
        w.file(`${tag}.sql`, w.text(tag).toString().replace('create table "posts"', 'create table if not exists "posts"'));
      }
    },
    next: [{ code: 'conflict', step: 'own journal' }], leaves: ['modified'],
  },
  {
    code: 'in-transaction', step: 'write', where: 'cannot be in one',
    async make(w) {
      await deployed(w);
      w.migration('0002_index', at(2), 'create index concurrently by_id on posts (id);\n');
    },
    write: (w) => w.file('0002_index.sql', 'create index by_id on posts (id);\n'),
  },
  ...['the next one uses', 'the same one uses'].map((where) => ({
    code: 'in-transaction', step: 'write', where: `an enum value that ${where}`,
    async make(w) {
      w.migration('0000_moods', at(0), "create type mood as enum ('good');\n--> statement-breakpoint\ncreate table days (mood mood);\n");
      await w.deploy(await w.database('production'));
      await w.deploy(await w.away('away'));
      const use = "insert into days values ('bad');\n";
      w.migration('0001_bad', at(1), `alter type mood add value 'bad';\n${where.startsWith('the same') ? `--> statement-breakpoint\n${use}` : ''}`);
      if (where.startsWith('the next')) w.migration('0002_today', at(2), use);
    },
    write: (w) => w.file('0001_bad.sql', w.text('0001_bad').toString().replace("alter type mood add value 'bad';", `alter type mood rename to old;
create type mood as enum ('good', 'bad');
alter table days alter column mood type mood using mood::text::mood;
drop type old;`)),
    leaves: ['half-there'], // of a type under another name, then made again
  })),
  {
    code: 'line-ends', step: 'gitattributes',
    async make(w) {
      w.migration('0000_users', at(0), 'create table users (\r\n  id integer);\r\n');
      await w.deploy(await w.database('production'));
      w.file('0000_users.sql', 'create table users (\n  id integer);\n');
      w.migration('0001_posts', at(1), 'create table posts (\n  id integer);\n');
    },
    // Checked out where git would write CRLF.
    async then(w) {
      await w.commit();
      fs.rmSync(w.path('0001_posts.sql'));
      await w.git('-c', 'core.autocrlf=true', 'checkout', '--', '.');
    },
  },
  {
    code: 'in-transaction', step: 'write', where: 'ends it',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(2), 'create table tags (id integer);\n--> statement-breakpoint\ncommit;\n');
    },
    write: (w) => w.file('0002_tags.sql', 'create table tags (id integer);\n'),
  },
];
