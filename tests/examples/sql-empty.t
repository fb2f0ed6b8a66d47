Drizzle sends what is there and records it.

  $ migration 0000_users 1750000000000 ''
  $ migration 0001_posts 1750000100000 '-- Custom SQL migration file, put your code below! --'
  $ cat problems
  0000_users.sql: warning: contains no statement: Drizzle does nothing and records it as run; write it before it runs anywhere, or add a comment that says why it is empty [sql-empty]
  0001_posts.sql: warning: contains no statement: Drizzle does nothing and records it as run; write it before it runs anywhere, or add a comment that says why it is empty [sql-empty]
  $ cat status/0000_users
  tag: 0000_users
  state: journaled
  file: 0000_users.sql
  size: 0
  sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
  statements: 0
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: runs it where the newest created_at is below 1750000000000
  consistent: runs where the newest created_at is below 1750000000000
  effects: none in the catalogs
  $ drizzle empty
  ran 0000_users, 0001_posts

Where it has run already, nothing is left to be done:

  $ database production
  $ ran production 0000_users 0001_posts
  $ cat problems
