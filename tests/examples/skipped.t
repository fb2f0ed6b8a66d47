0001_posts was generated on a branch before 0002_tags, and merged after 0002_tags had been deployed.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_tags 1750000200000
  $ database production
  $ ran production 0000_users 0002_tags
  $ cat problems
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 1750000200000; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  $ cat summary
  migrations: 1 skipped, 2 applied
  meta/_journal.json: 3 entries
  _journal.json here: 3 entries, 1 change (see changes)
    1 published timestamp is another one here: a database that is not attached and has run it would run it again
  problems: 1 error (see problems)
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750000200000 (2025-06-15T15:10:00.000Z)
    1 skipped, 2 applied
    next deploy, from meta/_journal.json:
      runs nothing
      leaves out 1: 0001_posts
    next deploy, from _journal.json here:
      runs 1: 0001_posts
  $ cat status/0001_posts
  tag: 0001_posts
  state: skipped
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 3 (was 1)
  when: 1750000213919 (was 1750000100000) 2025-06-15T15:10:13.919Z
  snapshot: yes
  drizzle: never runs it in production: its when is not above the watermark
  consistent: runs in production
  database production: skipped
  effects: creates table posts (1 column)
  effects production: 0 of 2 there
  $ cat changes
  0001_posts: idx 3 (was 1), when 1750000213919 (was 1750000100000), moved behind 0002_tags; a database that is not attached and has run it would run it again
  _journal.json: the newest timestamp made here is 1750000213919 (2025-06-15T15:10:13.919Z)
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0001_posts
  $ drizzle production from _journal.json
  ran nothing
