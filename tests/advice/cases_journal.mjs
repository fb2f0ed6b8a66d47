// What is wrong in the journal itself.
import fs from 'node:fs';
import { deployed } from './situations.mjs';
import { FIRST, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;
const journal = 'meta/_journal.json';

// Both sides of a merge, as git leaves them.
const conflicted = (text, ours, theirs) => text.replace(/\n {4}\{\n {6}"idx": 2[^]*?\}/, (entry) =>
  `\n<<<<<<< HEAD${entry.replaceAll('0002_tags', ours)}\n=======${entry.replaceAll('0002_tags', theirs).replace(String(at(2)), String(at(3)))}\n>>>>>>> theirs`);

export const inJournal = [
  {
    code: 'journal-missing', step: ['attach', 'fix'], where: 'a database has run some, and none is attached at first',
    async make(w) {
      await deployed(w, '0002_tags');
      w.remove(journal);
      w.databases[0].isAttached = false;
    },
    write(w) { for (const database of w.databases) database.isAttached = true; },
  },
  {
    code: 'journal-missing', step: 'fix', where: 'a database is attached',
    async make(w) {
      await deployed(w, '0002_tags');
      w.remove(journal);
      w.named('away').isAttached = true;
    },
  },
  {
    code: 'journal-unreadable', step: 'write', where: 'a comma',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.edit(journal, fs.readFileSync(w.path(journal), 'utf8').replace(/\n {2}\]/, ',\n  ]'));
    },
    write: (w) => w.restore(journal),
  },
  {
    code: 'journal-unreadable', step: 'fix', where: 'both sides of a merge',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.edit(journal, conflicted(fs.readFileSync(w.path(journal), 'utf8'), '0002_tags', '0003_likes'));
      w.sql('0003_likes');
    },
  },
  {
    code: 'journal-unreadable', step: 'write', where: 'both sides of a merge, by hand',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.edit(journal, conflicted(fs.readFileSync(w.path(journal), 'utf8'), '0002_tags', '0002_tags'));
    },
    write: (w) => w.restore(journal),
  },
  {
    code: 'journal-unreadable', step: 'restore', where: 'a redirect emptied it',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags');
      w.edit(journal, '');
    },
  },
  {
    code: 'journal-rebuilt', step: 'fix',
    async make(w) {
      await deployed(w);
      w.edit(journal, 'x');
    },
  },
  {
    code: 'journal-incomplete', step: 'fix',
    async make(w) {
      await deployed(w);
      w.entries.pop();
      w.write();
    },
  },
  {
    code: 'journal-incomplete', step: ['fix', 'try first'], where: 'nothing tells what runs before it, and something does',
    async make(w) {
      w.migration('0000_users');
      w.migration('0002_tags', at(2));
      w.migration('0003_likes', at(3), 'alter table tags add likes integer;\n');
      w.migration('0001_posts', at(4));
      await w.deploy(await w.database('production'));
      w.entries.splice(1, 1);
      w.write();
    },
    place: (w) => w.placeBefore('0002_tags', '0003_likes'),
  },
  {
    code: 'journal-incomplete', step: ['fix', 'try first'], where: 'nothing tells what runs before it',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts');
      w.migration('0003_likes', at(3));
      w.migration('0002_tags', at(4));
      await w.deploy(await w.database('production'));
      w.entries.splice(1, 1);
      w.write();
    },
  },
  {
    code: 'dialect', step: 'attach',
    async make(w) {
      await deployed(w);
      fs.cpSync(w.folder, `${w.root}/postgres`, { recursive: true });
      w.file(journal, fs.readFileSync(w.path(journal), 'utf8').replace('"postgresql"', '"sqlite"'));
    },
    write(w) {
      Object.assign(w, { name: 'postgres', folder: `${w.root}/postgres` });
    },
  },
  {
    code: 'bad-entry', step: 'fix',
    async make(w) {
      await deployed(w);
      w.raw('null');
    },
  },
  {
    code: 'bad-entry', step: 'write',
    async make(w) {
      await deployed(w);
      w.raw('"0002_tags"');
      w.sql('0002_tags');
    },
    write(w) {
      w.entries.pop();
      w.entry('0002_tags');
    },
  },
  {
    code: 'bad-tag', step: 'fix', where: 'no string',
    async make(w) {
      await deployed(w);
      w.raw(`{"idx": 2, "version": "7", "when": ${at(2)}, "tag": 2, "breakpoints": true}`);
    },
  },
  {
    code: 'bad-tag', step: 'fix', where: 'the name of no file',
    async make(w) {
      await deployed(w);
      w.raw(`{"idx": 2, "version": "7", "when": ${at(2)}, "tag": "", "breakpoints": true}`);
    },
  },
  {
    code: 'bad-tag', step: ['move', 'write'], from: 'more/0002_tags.sql', to: '0002_tags.sql',
    async make(w) {
      await deployed(w);
      w.entry('more/0002_tags');
      w.file('more/0002_tags.sql', 'create table tags (id integer);\n');
      w.sql('0003_likes');
      w.entry('0003_likes', at(3), 3);
    },
    write: (w) => w.editEntry('more/0002_tags', (entry) => { entry.tag = '0002_tags'; }),
    leaves: ['snapshot-missing'],
  },
  {
    code: 'bad-tag', step: 'write', where: 'ends in .sql',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags');
      w.entry('0002_tags.sql');
    },
    write: (w) => w.editEntry('0002_tags.sql', (entry) => { entry.tag = '0002_tags'; }),
  },
  {
    code: 'bad-idx', step: 'fix',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags');
      w.entry('0002_tags', at(2), '"2"');
    },
  },
  {
    code: 'duplicate-idx', step: 'fix',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags');
      w.entry('0002_tags', at(2), 1);
    },
  },
  {
    code: 'duplicate-key', step: 'fix', where: 'two entries fused into one',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags');
      w.sql('0003_likes');
      w.raw(`{"idx": 2, "version": "7", "when": ${at(2)}, "tag": "0002_tags", "when": ${at(3)}, "tag": "0003_likes", "breakpoints": true}`);
    },
  },
  {
    code: 'duplicate-key', step: 'write', where: 'two journals fused into one',
    async make(w) {
      await deployed(w);
      w.edit(journal, fs.readFileSync(w.path(journal), 'utf8').replace('"entries"', '"entries": [],\n  "entries"'));
    },
    write: (w) => w.restore(journal),
  },
  {
    code: 'duplicate-tag', step: 'fix',
    async make(w) {
      await deployed(w);
      w.entry('0001_posts', at(5), 2);
    },
  },
  {
    code: 'when-invalid', step: 'fix',
    async make(w) {
      await deployed(w);
      w.sql('0002_tags');
      w.entry('0002_tags', '"soon"');
      w.migration('0003_likes', at(3));
    },
  },
  {
    code: 'when-invalid', step: 'write', where: 'as migfs explain has it', line: /^To do: /, isSaidAgain: true,
    listen: async (w) => (await w.migfs('explain', 'when-invalid')).out,
    async make(w) {
      await deployed(w);
      w.sql('0002_tags');
      w.entry('0002_tags', '"soon"');
    },
    write: (w) => w.editEntry('0002_tags', (entry) => { entry.when = at(2); }),
  },
  {
    code: 'when-unit', step: 'multiply', of: ({ sentence }) => sentence.includes('seconds'),
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', 1750000900);
    },
    leaves: ['skipped'],
  },
  {
    code: 'when-unit', step: 'real timestamp', where: 'a date in 14 digits',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', 20250615150640);
    },
    write: (w) => w.editEntry('0002_tags', (entry) => { entry.when = at(2); }),
  },
  {
    code: 'when-future', step: 'real timestamp',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', 5000000000000);
    },
    write: (w) => w.editEntry('0002_tags', (entry) => { entry.when = at(2); }),
  },
  {
    code: 'when-order', step: 'set when', where: 'too high',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(9));
      w.migration('0003_likes', at(3));
      w.migration('0004_marks', at(4));
    },
  },
  {
    code: 'when-order', step: 'set when', where: 'two too low',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(4));
      w.migration('0003_likes', at(5));
      w.migration('0004_marks', at(6));
      w.migration('0005_hats', at(2));
      w.migration('0006_coats', at(2) + 10);
      w.migration('0007_boots', at(7));
    },
  },
  {
    code: 'when-order', step: 'set when', where: 'without a database',
    async make(w) {
      await deployed(w);
      w.migration('0002_tags', at(9));
      w.migration('0003_likes', at(3));
      w.migration('0004_marks', at(4));
      w.databases[0].isAttached = false;
    },
  },
  {
    code: 'snapshot-overwrite', step: 'set idx',
    async make(w) {
      w.migration('0001_users');
      w.migration('0002_posts');
      await w.deploy(await w.database('production'));
      w.migration('0003_tags');
    },
  },
];
