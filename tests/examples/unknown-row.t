A migration of another branch has run.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ ran production 0000_users 0001_posts
  $ row production 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef 1750000200000
  $ cat problems
  database production: warning: 1 of its 3 rows is newer than all that is of a migration here (id 3), as of another branch, or of a file that is gone: what is older than it and has not run, Drizzle skips; where that is known, write `ignore unknown-row production` into .migfs [unknown-row]
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
