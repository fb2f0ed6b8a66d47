Several of them at once: a branch merged late, a file that nobody listed, and two databases at different points.

  $ migration 0000_users 1750000000000
  $ migration 0002_tags 1750000200000
  $ migration 0001_posts 1750000100000
  $ sql 0003_likes
  $ database staging
  $ ran staging 0000_users 0001_posts 0002_tags
  $ database production
  $ ran production 0000_users
  $ cat problems
  0003_likes.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in databases staging, production; run `migfs fix` with the same databases; or write `exclude 0003_likes` into .migfs if it is not a migration, or, if it was run by hand and every database that lacks it is attached, those of `applied 0003_likes staging`, `applied 0003_likes production` that are true [unjournaled]
  meta/_journal.json:12: warning: when of 0002_tags, 1750000200000, is too high: 0001_posts after it is 1750000100000, and where this ran without it, Drizzle never runs it; it has run in database staging, so leave its timestamp as it is; a deploy that runs both at once is fine [when-order]
  $ cat summary
  migrations: 1 unjournaled, 2 pending, 1 applied
  meta/_journal.json: 3 entries
  _journal.json here: 4 entries, 1 change (see changes)
  problems: 1 error, 1 warning (see problems)
  databases: 0 level, 2 not (staging, production)
  
  database staging ("staging" at the socket in /run/postgresql): 3 rows, newest created_at 1750000200000 (2025-06-15T15:10:00.000Z)
    3 applied, 1 not-applied
    next deploy, from meta/_journal.json:
      runs nothing
      leaves out 1: 0003_likes
    next deploy, from _journal.json here:
      runs 1: 0003_likes
  
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    2 pending, 1 applied, 1 not-applied
    next deploy, from meta/_journal.json:
      runs 2: 0002_tags, 0001_posts
      leaves out 1: 0003_likes
    next deploy, from _journal.json here:
      runs 3: 0002_tags, 0001_posts, 0003_likes
  $ cat status/0003_likes
  tag: 0003_likes
  state: unjournaled
  file: 0003_likes.sql
  size: 35
  sha256: 207660e7721846eea12a0298e585aee50b052bd00a456ad8ef9c1b33f05bc7b1
  statements: 1
  journal: no
  idx: 3 (was -)
  when: 1750000218896 (was -) 2025-06-15T15:10:18.896Z
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: runs in staging, production
  database staging: not-applied
  database production: not-applied
  effects: creates table likes (1 column)
  effects staging: 0 of 2 there
  effects production: 0 of 2 there
  $ cat changes
  0003_likes: added with idx 3, when 1750000218896
  _journal.json: the newest timestamp made here is 1750000218896 (2025-06-15T15:10:18.896Z)
  $ drizzle staging from _journal.json
  ran 0003_likes
  $ drizzle production from _journal.json
  ran 0002_tags, 0001_posts, 0003_likes
  $ drizzle production from _journal.json
  ran nothing
  $ drizzle empty from _journal.json
  ran 0000_users, 0002_tags, 0001_posts, 0003_likes
  $ cat summary
  migrations: 1 unjournaled, 3 applied
  meta/_journal.json: 3 entries
  _journal.json here: 4 entries, 1 change (see changes)
  problems: 1 warning (see problems)
  databases: 2 level
  
  database staging ("staging" at the socket in /run/postgresql): 4 rows, newest created_at 1750000218896 (2025-06-15T15:10:18.896Z)
    4 applied
    next deploy, from meta/_journal.json:
      runs nothing
    next deploy, from _journal.json here:
      runs nothing
  
  database production ("production" at the socket in /run/postgresql): 4 rows, newest created_at 1750000218896 (2025-06-15T15:10:18.896Z)
    4 applied
    next deploy, from meta/_journal.json:
      runs nothing
    next deploy, from _journal.json here:
      runs nothing
