0001_posts.sql was written by hand, and nobody added it to the journal.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ database production
  $ ran production 0000_users
  $ cat problems
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in database production; run `migfs fix` with the same databases; or write `exclude 0001_posts` into .migfs if it is not a migration, or, if it was run by hand and every database that lacks it is attached, `applied 0001_posts production` [unjournaled]
  $ cat status/0001_posts
  tag: 0001_posts
  state: unjournaled
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: no
  idx: 1 (was -)
  when: 1750000013919 (was -) 2025-06-15T15:06:53.919Z
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: runs in production
  database production: not-applied
  effects: creates table posts (1 column)
  effects production: 0 of 2 there
  $ cat changes
  0001_posts: added with idx 1, when 1750000013919
  _journal.json: the newest timestamp made here is 1750000013919 (2025-06-15T15:06:53.919Z)
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0001_posts
