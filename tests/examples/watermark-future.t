A row with a stamp typed by hand, after the year 2099. There is room above it.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ row production $(hash 0000_users) 9000000000000
  $ cat problems
  database production: error: its newest created_at, 9000000000000, is after the year 2099, so Drizzle skips every migration generated from now on; give that row and its entry a real timestamp [watermark-future]
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 9000000000000; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  $ cat changes
  0001_posts: when 9000000013919 (was 1750000100000); a database that is not attached and has run it would run it again
  _journal.json: the newest timestamp made here is 9000000013919 (2255-03-14T16:00:13.919Z)
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0001_posts

The largest of all: nothing can be above it, and the journal is refused.

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ row production $(hash 0000_users) 9223372036854775807
  $ cat problems
  database production: error: its newest created_at, 9223372036854775807, is after the year 2099, so Drizzle skips every migration generated from now on; give that row and its entry a real timestamp [watermark-future]
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 9223372036854775807; if it was run there by hand, write `applied 0001_posts production` into .migfs; else first fix what _journal.json is refused for [skipped]
  $ cat summary
  migrations: 1 skipped, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: refused: the newest created_at in the ledger of database production is so high that no timestamp can be above it; give that row its real timestamp
  problems: 2 errors (see problems)
  
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 9223372036854775807
    1 skipped, 1 applied
    next deploy, from meta/_journal.json:
      runs nothing
      leaves out 1: 0001_posts
    next deploy, from databases/production/_journal.json:
      refused: the newest created_at in the ledger of database production is so high that no timestamp can be above it; give that row its real timestamp
  $ cat databases/production/summary
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 9223372036854775807
    1 skipped, 1 applied
    next deploy, from meta/_journal.json:
      runs nothing
      leaves out 1: 0001_posts
    next deploy, from databases/production/_journal.json:
      refused: the newest created_at in the ledger of database production is so high that no timestamp can be above it; give that row its real timestamp
  $ cat _journal.json
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
  $ drizzle production
  ran nothing
