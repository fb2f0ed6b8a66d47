The entry was committed and its file was not.

  $ migration 0000_users 1750000000000
  $ entry 0001_posts 1750000100000
  $ migration 0002_tags 1750000200000
  $ database production
  $ ran production 0000_users
  $ cat problems
  meta/_journal.json:12: error: lists 0001_posts, and 0001_posts.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: run `migfs fix` with the same databases [missing]
  $ cat summary
  migrations: 1 missing, 1 pending, 1 applied
  meta/_journal.json: 3 entries
  _journal.json here: 2 entries, 1 change (see changes)
  problems: 1 error (see problems)
  
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 missing, 1 pending, 1 applied
    next deploy, from meta/_journal.json:
      aborts every run: 0001_posts.sql is not there
    next deploy, from _journal.json here:
      runs 1: 0002_tags
  $ cat status/0001_posts
  tag: 0001_posts
  state: missing
  file: -
  size: -
  sha256: -
  statements: -
  journal: yes
  idx: - (was 1)
  when: - (was 1750000100000)
  snapshot: missing
  drizzle: aborts every run: 0001_posts.sql is not there
  consistent: left out: its file is not there
  database production: missing
  effects: unknown (the parser cannot get through it)
  effects production: unknown
  $ cat status/0002_tags
  tag: 0002_tags
  state: pending
  file: 0002_tags.sql
  size: 34
  sha256: fcfc84d1788da8fc087e3cea8c29cbc7884fbbb9e8310cbc961ebc57d3f3a3c5
  statements: 1
  journal: yes
  idx: 2
  when: 1750000200000 2025-06-15T15:10:00.000Z
  snapshot: yes
  drizzle: aborts every run: 0001_posts.sql is not there
  consistent: runs in production
  database production: pending
  effects: creates table tags (1 column)
  effects production: 0 of 2 there
  $ cat changes
  0001_posts: dropped: its file is not there
  $ drizzle production
  failed: No file migrations/0001_posts.sql found in migrations folder
  $ drizzle production from _journal.json
  ran 0002_tags

The file is there under another name and a higher number, and what is listed behind the entry needs it:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_titles 1750000200000 'alter table posts add title text;\n'
  $ mv migrations/0001_posts.sql migrations/0003_articles.sql && mv migrations/meta/0001_snapshot.json migrations/meta/0003_snapshot.json
  $ cat problems
  meta/_journal.json:12: error: lists 0001_posts, and 0001_posts.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: run `migfs fix` [missing]
  0003_articles.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0003_articles` into .migfs if it is not a migration; it is not certain what has to run before 0003_articles, so try the journal on an empty database first [unjournaled]
  $ drizzle empty from _journal.json
  failed: Failed query: alter table posts add title text;: relation "posts" does not exist
