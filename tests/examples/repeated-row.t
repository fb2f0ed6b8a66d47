The stamp of a migration was raised time and again after it had run, and deploys ran it again.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000 'insert into notes values (1);\n'
  $ database production
  $ ran production 0000_users 0001_posts
  $ row production "$(hash 0001_posts)" 1750000300000
  $ row production "$(hash 0001_posts)" 1750000400000
  $ row production "$(hash 0001_posts)" 1750000500000
  $ cat problems
  database production: warning: 3 of its 5 rows are from a second run of 0001_posts (id 3, 4, 5), or copied; Drizzle still counts their created_at and skips what is older and has not run; if that is known, write `ignore repeated-row production` into .migfs [repeated-row]
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000100000	e4efcae840f745617b2526b9cad044e6cfaab883a286c62c33833e85d31d89c4	0001_posts	hash+stamp
  3	1750000300000	e4efcae840f745617b2526b9cad044e6cfaab883a286c62c33833e85d31d89c4	0001_posts	again
  4	1750000400000	e4efcae840f745617b2526b9cad044e6cfaab883a286c62c33833e85d31d89c4	0001_posts	again
  5	1750000500000	e4efcae840f745617b2526b9cad044e6cfaab883a286c62c33833e85d31d89c4	0001_posts	again
  $ cat databases/production/summary
  database production ("production" at the socket in /run/postgresql): 5 rows, newest created_at 1750000500000 (2025-06-15T15:15:00.000Z)
    2 applied
    next deploy:
      runs nothing
