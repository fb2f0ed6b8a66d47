Seconds, and a date in 14 digits.

  $ migration 0000_users 1750000000
  $ migration 0001_posts 1750000100000
  $ cat problems
  meta/_journal.json:5: warning: when of 0000_users looks like seconds, not milliseconds: where one in milliseconds has run, Drizzle skips it; multiply it by 1000 before it runs anywhere [when-unit]
  $ afresh
  $ migration 0000_users 20250615150640
  $ migration 0001_posts 1750000100000
  $ cat problems
  meta/_journal.json:5: warning: when of 0000_users, 20250615150640, is too high: 0001_posts after it is 1750000100000, and where this ran without it, Drizzle never runs it; while it has run nowhere, set its when below 1750000100000 [when-order]
  meta/_journal.json:5: warning: when of 0000_users has 14 digits, like a date and not like milliseconds: once it has run, Drizzle skips every migration with a real timestamp; change the entry's timestamp before it runs anywhere [when-unit]
  $ drizzle empty
  ran 0000_users, 0001_posts

Once it has run:

  $ afresh
  $ migration 0000_users 20250615150640
  $ database production
  $ ran production 0000_users
  $ migration 0001_posts 1750000100000
  $ cat problems
  database production: error: its newest created_at, 20250615150640, is after the year 2099, so Drizzle skips every migration generated from now on; give that row and its entry a real timestamp [watermark-future]
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 20250615150640; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  meta/_journal.json:5: warning: when of 0000_users has 14 digits, like a date and not like milliseconds: once it has run, Drizzle skips every migration with a real timestamp; change the entry's timestamp before it runs anywhere [when-unit]
  $ cat changes
  0001_posts: when 20250615163919 (was 1750000100000); a database that is not attached and has run it would run it again
  _journal.json: the newest timestamp made here is 20250615163919 (2611-09-20T02:52:43.919Z)
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0001_posts

Seconds, where something has run:

  $ afresh
  $ migration 0000_users 1750000000000
  $ database production
  $ ran production 0000_users
  $ migration 0001_posts 1750000100
  $ cat problems
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100, is not above the newest created_at, 1750000000000; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  meta/_journal.json:12: warning: when of 0001_posts looks like seconds, not milliseconds: where one in milliseconds has run, Drizzle skips it; multiply it by 1000 before it runs anywhere [when-unit]
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0001_posts

Seconds in all of them are in order:

  $ afresh
  $ migration 0000_users 1750000000
  $ database testing
  $ drizzle testing
  ran 0000_users
  $ migration 0001_posts 1750000100
  $ drizzle testing
  ran 0001_posts
