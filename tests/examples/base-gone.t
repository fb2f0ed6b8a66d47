Two published migrations were put together into one, with a timestamp of its own.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ command cp migrations/meta/_journal.json main.json
  $ afresh
  $ migration 0000_all 1750000300000 'create table users (id integer);\ncreate table posts (id integer);\n'
  $ check --base=main.json
  meta/_journal.json: error: 2 of 2 published entries are gone (0000_users, 0001_posts), and what replaces them runs in every database that ran them; put them back, or, in a squash, give each such database `applied 0000_all DATABASE` in .migfs [base-gone]
  [1]

One that is gone:

  $ afresh
  $ migration 0000_users 1750000000000
  $ check --base=main.json
  meta/_journal.json: warning: 1 of 2 published entries is gone (0001_posts); put it back, or, if they are meant to go, write `ignore base-gone` into .migfs until this is merged [base-gone]
  [1]
