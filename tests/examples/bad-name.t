  $ migration 0000_users 1750000000000
  $ file 0001_posts.SQL 'create table posts (id integer);\n'
  $ file 0002-tags.sql 'create table tags (id integer);\n'
  $ file seed.sql 'insert into users values (1);\n'
  $ file 0000_users.down.sql 'drop table users;\n'
  $ cat problems
  0001_posts.SQL: warning: does not end in lower-case .sql, so Drizzle finds it only on some systems; rename it [bad-name]
  0002-tags.sql: warning: begins with a number but has no `_` after it, so it does not count as a migration here, and Drizzle does not run it unless it is listed; rename it, or write `include 0002-tags` or `exclude 0002-tags` into .migfs [bad-name]
  $ ls state/excluded
  0000_users.down
  0002-tags
  seed
  $ cat status/0002-tags
  tag: 0002-tags
  state: excluded
  file: 0002-tags.sql
  size: 32
  sha256: dd15c07912448e3fb8b8af40b1edcae0618bfde3d0589fd22fccd36a4ecc0546
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: missing
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: left out: its name does not begin with a number and _
  effects: creates table tags (1 column)
  $ cat status/seed
  tag: seed
  state: excluded
  file: seed.sql
  size: 30
  sha256: 2411c179ad11e54577686ebba42fafcb2cfab897d497729576df9e3d63295ea5
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: missing
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: left out: its name does not begin with a number and _
  effects: none in the catalogs (INSERT)
  $ cat status/0000_users.down
  tag: 0000_users.down
  state: excluded
  file: 0000_users.down.sql
  size: 18
  sha256: 7dd3766384f2ac563b80b7f0e239e8d94c2bba076b43b77f46170c384c028a99
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: left out: it is named like a down script
  effects: drops table users
