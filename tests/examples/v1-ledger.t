A ledger that drizzle v1 has taken over names its rows.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ ran production 0000_users 0001_posts
  $ query production "alter table drizzle.__drizzle_migrations add name text, add applied_at timestamptz"
  $ query production "update drizzle.__drizzle_migrations set name = '0001_posts', hash = 'of before it was edited' where id = 2"
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000100000	of before it was edited	0001_posts	name
  $ cat problems
  $ cat summary
  migrations: 2 applied
  meta/_journal.json: 2 entries
  _journal.json here: the same, byte for byte
  problems: none
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750000100000 (2025-06-15T15:08:20.000Z)
    2 applied
    next deploy:
      runs nothing
