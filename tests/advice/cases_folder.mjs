// What is wrong with names and files.
import fs from 'node:fs';
import { deployed, linkedOut, putInPlace } from './situations.mjs';
import { FIRST, madeAbove, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;

export const inFolder = [
  {
    code: 'source-missing', step: 'restore', where: 'moved away while it is mounted, and back',
    async make(w) {
      await deployed(w, '0002_tags');
      await w.mount();
      fs.renameSync(w.folder, `${w.root}/elsewhere`);
    },
    back: (w) => fs.renameSync(`${w.root}/elsewhere`, w.folder),
    next: [{ code: 'unjournaled', step: 'fix' }],
  },
  {
    code: 'no-migrations', step: 'attach',
    async make(w) {
      await deployed(w);
      fs.mkdirSync(`${w.root}/empty/meta`, { recursive: true });
      fs.writeFileSync(`${w.root}/empty/meta/_journal.json`, '{"version": "7", "dialect": "postgresql", "entries": []}');
      Object.assign(w, { name: 'empty', kept: w.folder, folder: `${w.root}/empty` });
      for (const database of w.databases) database.isAttached = false;
    },
    write(w) {
      Object.assign(w, { name: 'drizzle', folder: w.kept });
      w.databases[0].isAttached = true;
    },
  },
  {
    code: 'bad-file', step: 'write', where: 'a link that leads out',
    make: linkedOut,
    write: putInPlace,
  },
  {
    code: 'bad-file', step: 'exclude', where: 'a link that leads out',
    make: linkedOut,
    next: [{ code: 'excluded', step: 'fix' }],
  },
  {
    code: 'bad-file', step: 'rename freely', to: '0002_tags', where: 'a folder named like a file',
    async make(w) {
      await deployed(w);
      fs.mkdirSync(w.path('0002_tags.sql'));
    },
  },
  {
    code: 'bad-name', step: 'rename freely', to: '0002_tags.sql', where: 'capitals',
    async make(w) {
      await deployed(w);
      w.file('0002_tags.SQL', 'create table tags (id integer);\n');
    },
    next: [{ code: 'unjournaled', step: 'fix' }], leaves: ['snapshot-missing'],
  },
  {
    code: 'bad-name', step: 'rename freely', to: '0002_tags.sql', where: 'no underscore',
    async make(w) {
      await deployed(w);
      w.file('0002-tags.sql', 'create table tags (id integer);\n');
    },
    next: [{ code: 'unjournaled', step: 'fix' }], leaves: ['snapshot-missing'],
  },
  {
    code: 'bad-name', step: 'include', where: 'no underscore',
    async make(w) {
      await deployed(w);
      w.file('0002-tags.sql', 'create table tags (id integer);\n');
    },
    next: [{ code: 'unjournaled', step: 'fix' }],
  },
  {
    code: 'bad-name', step: 'exclude', where: 'no underscore',
    async make(w) {
      await deployed(w);
      w.file('0002-tags.sql', 'create table tags (id integer);\n');
    },
  },
  {
    code: 'case-clash', step: 'rename',
    async make(w) {
      await deployed(w);
      w.sql('0002_posts', 'create table others (id integer);\n');
      w.entry('0002_posts');
      w.sql('0002_Posts', 'create table more (id integer);\n');
      w.entry('0002_Posts', at(3), 3);
    },
    leaves: ['snapshot-missing'],
  },
  {
    code: 'duplicate-prefix', step: 'rename',
    async make(w) {
      await deployed(w);
      w.sql('0001_tags');
      w.entry('0001_tags', at(2), 2);
    },
    leaves: ['snapshot-missing'],
  },
  {
    code: 'duplicate-prefix', step: 'rename', where: 'the other by name has run',
    async make(w) {
      await deployed(w);
      w.sql('0001_likes');
      w.entry('0001_likes', at(2), 2);
    },
    leaves: ['snapshot-missing'],
  },
  {
    code: 'duplicate-prefix', step: 'rename', where: 'one whose timestamp was made here, for the name that it had',
    async make(w) {
      await deployed(w);
      w.sql('0001_tags');
      w.entry('0001_tags', madeAbove('0001_tags', at(1)), 2);
    },
    leaves: ['snapshot-missing'],
  },
  {
    code: 'duplicate-prefix', step: 'rename', where: 'without a database',
    async make(w) {
      await deployed(w);
      w.sql('0001_tags');
      w.entry('0001_tags', at(2), 2);
      w.databases[0].isAttached = false;
    },
    leaves: ['snapshot-missing'],
  },
  {
    code: 'nested-sql', step: 'move', from: 'more/0002_tags.sql', to: '0002_tags.sql',
    async make(w) {
      await deployed(w);
      w.file('more/0002_tags.sql', 'create table tags (id integer);\n');
    },
    next: [{ code: 'unjournaled', step: 'fix' }], leaves: ['snapshot-missing'],
  },
  {
    code: 'meta-file', step: 'move', to: 'notes.txt',
    async make(w) {
      await deployed(w);
      w.file('meta/notes.txt', 'x\n');
    },
  },
  {
    code: 'v1-folder', step: 'restore', where: 'taken back',
    async make(w) {
      await deployed(w);
      w.file('20250615150640_tags/migration.sql', 'select 1;\n');
    },
    back: (w) => fs.rmSync(w.path('20250615150640_tags'), { recursive: true }),
  },
  {
    code: 'bad-rule', step: 'write', where: 'no verb',
    async make(w) {
      await deployed(w);
      w.rule('exlude 0002_*');
      w.file('0002_tags.sql', 'create table tags (id integer);\n');
    },
    write(w) {
      w.file('.migfs', 'exclude 0002_*\n');
      w.notMigrations.add('0002_tags');
    },
  },
];
