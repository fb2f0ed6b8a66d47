Rows that other tools and hands have left: the tag or the file's name where the hash belongs, nothing, and a stamp of its own.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_tags 1750000200000
  $ migration 0003_likes 1750000300000
  $ database production
  $ row production 0000_users 1750000000000
  $ row production 0001_posts.sql 1750000100000
  $ row production '' 1750000200000
  $ row production $(hash 0003_likes) 1750000400000
  $ cat problems
  0002_tags.sql: note: recognized by its timestamp alone in database production, where its row has no hash, so it is not known whether it has changed since; Drizzle does not run it again there [modified]
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	0000_users	0000_users	name
  2	1750000100000	0001_posts.sql	0001_posts	name
  3	1750000200000		0002_tags	stamp
  4	1750000400000	207660e7721846eea12a0298e585aee50b052bd00a456ad8ef9c1b33f05bc7b1	0003_likes	hash
  $ cat summary
  migrations: 1 modified, 3 applied
  meta/_journal.json: 4 entries
  _journal.json here: the same, byte for byte
  problems: 1 note (see problems)
  
  database production ("production" at the socket in /run/postgresql): 4 rows, newest created_at 1750000400000 (2025-06-15T15:13:20.000Z)
    1 modified, 3 applied
    next deploy:
      runs nothing
  $ drizzle production
  ran nothing
