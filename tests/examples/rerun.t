The row of 0001_posts was restored by hand and got a stamp of its own, older than the one in the journal.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ ran production 0000_users
  $ row production $(hash 0001_posts) 1750000050000
  $ cat problems
  0001_posts.sql: error: has run in database production, and Drizzle runs it there again: its when, 1750000100000, is above the newest created_at, 1750000050000; run `migfs fix` with the same databases [rerun]
  $ cat summary
  migrations: 1 rerun, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: 2 entries, 1 change (see changes)
    1 published timestamp is another one here: a database that is not attached and has run it would run it again
  problems: 1 error (see problems)
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750000050000 (2025-06-15T15:07:30.000Z)
    1 rerun, 1 applied
    next deploy, from meta/_journal.json:
      aborts at line 1 of 0001_posts.sql, and nothing of the run stays: table posts is there already (42P07) at `create table posts ( id integer )`
      of 1: 0001_posts
    next deploy, from _journal.json here:
      runs nothing
  $ cat status/0001_posts
  tag: 0001_posts
  state: rerun
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 1
  when: 1750000050000 (was 1750000100000) 2025-06-15T15:07:30.000Z
  snapshot: yes
  drizzle: runs it again in production: its when is above the watermark
  consistent: passes over it in production
  database production: rerun
  effects: creates table posts (1 column)
  effects production: 2 of 2 there
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000050000	4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3	0001_posts	hash
  $ cat changes
  0001_posts: when 1750000050000 (was 1750000100000); a database that is not attached and has run it would run it again
  $ drizzle production
  failed: Failed query: create table "posts" (id integer);: relation "posts" already exists
  $ drizzle production from _journal.json
  ran nothing
