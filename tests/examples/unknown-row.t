A migration of another branch has run.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ ran production 0000_users 0001_posts
  $ row production 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef 1750000200000
  $ cat problems
  database production: warning: 1 of its 3 rows is newer than every matched row and matches no migration here (id 3), perhaps of another branch or of a file that is gone: Drizzle skips what is older than it and has not run; if that is known, write `ignore unknown-row production` into .migfs [unknown-row]
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000100000	4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3	0001_posts	hash+stamp
  3	1750000200000	5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef	-	-

What is older than that row and has not run is skipped:

  $ migration 0002_tags 1750000150000
  $ drizzle production
  ran nothing
  $ drizzle production from _journal.json
  ran 0002_tags

A timestamp that may have been made for either of two files is taken for neither's, until a rule says of one that it has run:

  $ afresh
  $ migration 0000_users 1750000000000
  $ sql 0001_rooms_keys 'insert into users values (1);\n'
  $ sql 0002_posts_cards 'insert into users values (2);\n'
  $ database production
  $ ran production 0000_users
  $ row production 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef 1750000014358
  $ cat problems
  0001_rooms_keys.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in database production; run `migfs fix` with the same databases; or write `exclude 0001_rooms_keys` into .migfs if it is not a migration, or, if it was run by hand and every database that lacks it is attached, `applied 0001_rooms_keys production` [unjournaled]
  0002_posts_cards.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in database production; run `migfs fix` with the same databases; or write `exclude 0002_posts_cards` into .migfs if it is not a migration, or, if it was run by hand and every database that lacks it is attached, `applied 0002_posts_cards production` [unjournaled]
  database production: warning: 1 of its 2 rows (id 2) has a timestamp that may have been made for any of 0001_rooms_keys, 0002_posts_cards, so it is taken for that of none; for each of them that has run there write `applied 0001_rooms_keys production`, `applied 0002_posts_cards production` into .migfs before you deploy [unknown-row]
  $ file .migfs 'applied 0001_rooms_keys production\n'
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000014358	5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef	0001_rooms_keys	mark
  $ cat changes
  0001_rooms_keys: added with idx 1, when 1750000014358
  0002_posts_cards: added with idx 2, when 1750000028358
  _journal.json: the newest timestamp made here is 1750000028358 (2025-06-15T15:07:08.358Z)
