Another application uses the same ledger.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ migration 0002_tags 1750000250000
  $ database production
  $ ran production 0000_users
  $ row production of_another_app 1750000100000
  $ ran production 0001_posts
  $ row production of_another_app 1750000300000
  $ cat problems
  0002_tags.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000250000, is not above the newest created_at, 1750000300000; if it was run there by hand, write `applied 0002_tags production` into .migfs; else run `migfs fix` with the same databases [skipped]
  database production: warning: 2 of its 4 rows match no migration here, the newest among them, and some are between rows that do: if another application shares the ledger, Drizzle skips what is older than that application's newest row; give each its own migrationsTable, or write `foreign production` into .migfs; if the newest belongs to a migration that has no row, write `applied 0002_tags production` into .migfs before you deploy [shared-ledger]
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000100000	of_another_app	-	-
  3	1750000200000	4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3	0001_posts	hash+stamp
  4	1750000300000	of_another_app	-	-
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0002_tags

A rule says whose the rows are:

  $ file .migfs 'foreign production\n'
  $ cat problems
