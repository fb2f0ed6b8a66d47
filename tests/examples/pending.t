A deploy is due, and the folder is as it should be: nothing is changed, byte for byte.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database staging
  $ ran staging 0000_users 0001_posts
  $ database production
  $ ran production 0000_users
  $ cat problems
  $ cat summary
  migrations: 1 pending, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: the same, byte for byte
  problems: none
  databases: 1 level, 1 not (production)
  
  database staging ("staging" at the socket in /run/postgresql): 2 rows, newest created_at 1750000100000 (2025-06-15T15:08:20.000Z)
    2 applied
    next deploy:
      runs nothing
  
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 pending, 1 applied
    next deploy:
      runs 1: 0001_posts
  $ cat status/0000_users
  tag: 0000_users
  state: applied
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: passes over it in staging, production
  consistent: passes over it in staging, production
  database staging: applied
  database production: applied
  effects: creates table users (1 column)
  effects staging: 2 of 2 there
  effects production: 2 of 2 there
  $ cat status/0001_posts
  tag: 0001_posts
  state: pending
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 1
  when: 1750000100000 2025-06-15T15:08:20.000Z
  snapshot: yes
  drizzle: runs it in production; passes over it in staging
  consistent: runs in production; passes over it in staging
  database staging: applied
  database production: pending
  effects: creates table posts (1 column)
  effects staging: 2 of 2 there
  effects production: 0 of 2 there
  $ ls state
  applied/
  excluded/
  held/
  journaled/
  missing/
  modified/
  pending/
  rerun/
  skipped/
  unjournaled/
  unknown/
  unread/
  $ ls databases/production/state
  applied/
  missing/
  modified/
  not-applied/
  pending/
  rerun/
  skipped/
  unknown/
  $ ls databases/production/state/pending
  0001_posts
  $ cat databases/production/summary
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 pending, 1 applied
    next deploy:
      runs 1: 0001_posts
  $ cat changes
  $ cat _journal.json | cmp - migrations/meta/_journal.json
  $ drizzle production
  ran 0001_posts
