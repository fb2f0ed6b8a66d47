  $ migration 0000_users 1750000000000
  $ migration 0001_posts 4200000000000
  $ cat problems
  meta/_journal.json:12: warning: when of 0001_posts is after the year 2099: once it has run, Drizzle skips every migration generated later; give the entry a real timestamp before it runs anywhere [when-future]

Once it has run, a migration generated later is skipped:

  $ database production
  $ drizzle production
  ran 0000_users, 0001_posts
  $ migration 0002_tags 1750000200000
  $ drizzle production
  ran nothing
  $ cat problems
  database production: error: its newest created_at, 4200000000000, is after the year 2099, so Drizzle skips every migration generated from now on; give that row and its entry a real timestamp [watermark-future]
  0002_tags.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000200000, is not above the newest created_at, 4200000000000; if it was run there by hand, write `applied 0002_tags production` into .migfs; else run `migfs fix` with the same databases [skipped]
  meta/_journal.json:12: warning: when of 0001_posts is after the year 2099: once it has run, Drizzle skips every migration generated later; give the entry a real timestamp before it runs anywhere [when-future]
  $ cat changes
  0002_tags: when 4200000028362 (was 1750000200000); a database that is not attached and has run it would run it again
  _journal.json: the newest timestamp made here is 4200000028362 (2103-02-04T02:40:28.362Z)
