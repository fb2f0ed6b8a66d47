// A branch beside the one it is going into.
import fs from 'node:fs';
import { twoBranches } from './kit.mjs';
import { FIRST, STEP } from './world.mjs';

const at = (n) => FIRST + n * STEP;
const options = ['--base-ref=main'];

// main has two migrations that production has run; then a branch goes on from it.
async function published(w) {
  w.migration('0000_users');
  w.migration('0001_posts');
  await w.commit();
  await w.deploy(await w.away('production'));
  await w.git('checkout', '-qb', 'feature');
}

// The branch's own migration is older than the one that was merged into main meanwhile.
async function below(w) {
  await twoBranches(w);
  await w.git('checkout', '-q', 'main');
  await w.deploy(await w.away('production'));
  await w.git('checkout', '-q', 'feature');
}

async function squash(w) {
  await published(w);
  for (const tag of ['0000_users', '0001_posts']) fs.rmSync(w.path(`${tag}.sql`));
  fs.rmSync(w.path('meta/0001_snapshot.json'));
  w.entries.length = 0;
  w.migration('0000_all', at(8), 'create table users (id integer);\n--> statement-breakpoint\ncreate table posts (id integer);\n');
  const production = w.named('production');
  production.has.clear();
  production.has.add('0000_all');
  production.isAttached = true;
  await w.commit();
}

export const base = [
  {
    code: 'base-below', step: 'generate again', options, make: below, tag: '0001_tags',
    async first(w) {
      await w.git('add', '-A');
      await w.git('commit', '-qm', 'taken out');
      await w.git('merge', '-q', 'main');
    },
  },
  {
    code: 'base-moved', step: 'set when', options,
    async make(w) {
      await published(w);
      w.editEntry('0001_posts', (entry) => { entry.when = at(5); });
    },
  },
  {
    code: 'base-moved', step: 'attach', options, where: 'the base had it below an earlier one',
    async make(w) {
      w.migration('0000_users');
      w.migration('0001_posts', at(2));
      w.migration('0002_tags', at(1));
      await w.commit();
      const production = await w.away('production');
      await w.ran('production', '0000_users', '0001_posts');
      await w.git('checkout', '-qb', 'feature');
      production.isAttached = true;
      await w.migfs('fix');
      production.isAttached = false;
    },
    write(w) { w.named('production').isAttached = true; },
  },
  {
    code: 'base-gone', step: 'restore', options,
    async make(w) {
      await published(w);
      w.remove('0001_posts.sql');
      w.remove('meta/_journal.json');
      w.entries.pop();
      w.write();
    },
  },
  {
    code: 'base-gone', step: 'ignore', options, where: 'it is to go',
    async make(w) {
      await published(w);
      w.remove('0001_posts.sql');
      fs.rmSync(w.path('meta/0001_snapshot.json'));
      w.entries.pop();
      w.write();
    },
    schemas: false,
  },
  { code: 'base-gone', step: 'applied', options, where: 'a squash', make: squash, leaves: ['wrong-database', 'rerun', 'unknown-row'], next: [{ code: 'rerun', step: 'fix' }] },
  {
    code: 'base-renamed', step: ['set when', 'restore'], options,
    async make(w) {
      await published(w);
      w.remove('0001_posts.sql');
      w.sql('0001_articles');
      w.editEntry('0001_posts', (entry) => { entry.tag = '0001_articles'; });
    },
    back(w) {
      fs.renameSync(w.path('0001_articles.sql'), w.path('0002_articles.sql'));
      const { when } = w.journal.entries[1];
      w.entries.length = 0;
      w.entry('0000_users');
      w.entry('0001_posts');
      w.entry('0002_articles', when);
    },
    leaves: ['snapshot-missing'],
  },
];
