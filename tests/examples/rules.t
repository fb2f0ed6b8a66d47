Each verb. A file of any name may be included; 0001_posts ran in production by hand, and the ledger there does not know.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_tags 1750000200000
  $ sql 0001_likes
  $ file seed.sql 'insert into users values (1);\n'
  $ database staging
  $ ran staging 0000_users
  $ database production
  $ ran production 0000_users 0002_tags
  $ cat problems
  0001_likes.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the number of 0001_posts: delete it, or write `exclude 0001_likes` or `include 0001_likes` into .migfs; none of its 2 objects is there in databases staging, production, and it would run: `include` it if it was meant [held]
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 1750000200000; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  $ query staging 'create table users (id integer)'
  ERROR:  relation "users" already exists
  [1]
  $ query production 'create table users (id integer); create table posts (id integer)'
  ERROR:  relation "users" already exists
  [1]
  $ file .migfs "include seed                   # part of it since the beginning\nexclude 0001_likes\napplied 0001_posts production  # with psql\n"
  $ cat problems
  seed.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in databases staging, production; run `migfs fix` with the same databases; or write `exclude seed` into .migfs if it is not a migration, or, if it was run by hand and every database that lacks it is attached, those of `applied seed staging`, `applied seed production` that are true [unjournaled]
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
  drizzle: runs it in staging; passes over it in production
  consistent: runs in staging; passes over it in production
  database staging: pending
  database production: applied
  effects: creates table posts (1 column)
  effects staging: 0 of 2 there
  effects production: 0 of 2 there
  $ cat status/0001_likes
  tag: 0001_likes
  state: excluded
  file: 0001_likes.sql
  size: 35
  sha256: 207660e7721846eea12a0298e585aee50b052bd00a456ad8ef9c1b33f05bc7b1
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: left out: line 2 of the rules file excludes it
  database staging: not-applied
  database production: not-applied
  effects: creates table likes (1 column)
  effects staging: unknown
  effects production: unknown
  $ cat status/seed
  tag: seed
  state: unjournaled
  file: seed.sql
  size: 30
  sha256: 2411c179ad11e54577686ebba42fafcb2cfab897d497729576df9e3d63295ea5
  statements: 1
  journal: no
  idx: 3 (was -)
  when: 1750000230972 (was -) 2025-06-15T15:10:30.972Z
  snapshot: missing
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: runs in staging, production
  database staging: not-applied
  database production: not-applied
  effects: none in the catalogs (INSERT)
  effects staging: none in the catalogs
  effects production: none in the catalogs
  $ cat changes
  seed: added with idx 3, when 1750000230972
  _journal.json: the newest timestamp made here is 1750000230972 (2025-06-15T15:10:30.972Z)
  $ drizzle staging from _journal.json
  ran 0001_posts, 0002_tags, seed
  $ drizzle production from _journal.json
  ran seed

Another file:

  $ echo 'exclude seed' >>migrations/.migfs && mv migrations/.migfs rules
  $ check --rules=rules
  meta/_journal.json: warning: it lists 3 of 4 migrations, so a database that Drizzle sets up from it lacks 1; run `migfs fix` with the same databases [journal-incomplete]
  [1]
