A row without created_at, as a tool or a hand left it.

  $ migration 0000_users 1750000000000 'create table if not exists users (id integer);\n'
  $ migration 0001_posts 1750000100000
  $ database production
  $ ran production 0000_users
  $ row production $(hash 0001_posts) null
  $ cat problems
  database production: error: 1 of its 2 rows has no created_at, so Drizzle runs every migration again at each deploy; set it to the when of the migration that databases/production/ledger names for it, or delete the row if none is named [null-created-at]
  $ cat summary
  migrations: 2 rerun
  meta/_journal.json: 2 entries
  _journal.json here: refused: the ledger of database production has a row whose created_at is NULL, which makes Drizzle run everything again whatever the timestamps; give that row its timestamp
  problems: 1 error (see problems)
  
  database production ("production" at the socket in /run/postgresql): 2 rows, not all with a created_at, so Drizzle heeds none of them
    2 rerun
    next deploy, from meta/_journal.json:
      aborts at line 1 of 0001_posts.sql, and nothing of the run stays: table posts is there already (42P07) at `create table posts ( id integer )`
      of 2: 0000_users, 0001_posts
    next deploy, from databases/production/_journal.json:
      refused: the ledger of database production has a row whose created_at is NULL, which makes Drizzle run everything again whatever the timestamps; give that row its timestamp
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  2	NULL	4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3	0001_posts	hash
  1	1750000000000	418a173285ec810ee3363abc7a71729cb990280510980f3e0ac39f1b5e7f0ea9	0000_users	hash+stamp
  $ cat _journal.json
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
  $ drizzle production
  failed: Failed query: create table "posts" (id integer);: relation "posts" already exists

Given its stamp:

  $ query production 'update drizzle.__drizzle_migrations set created_at = 1750000100000 where created_at is null'
  $ cat problems

A row that is given its stamp in one database and not yet in another:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database first
  $ database second
  $ ran first 0000_users
  $ row first $(hash 0001_posts) null
  $ ran second 0000_users
  $ row second $(hash 0001_posts) 1750000050000
  $ cat problems
  database first: error: 1 of its 2 rows has no created_at, so Drizzle runs every migration again at each deploy; set it to the when of the migration that databases/first/ledger names for it, or delete the row if none is named [null-created-at]
  0001_posts.sql: error: has run in databases first, second, and Drizzle runs it there again: its when, 1750000100000, is above the 0 that a created_at of NULL is to Drizzle; first fix what _journal.json is refused for [rerun]
