Each verb, with and without a database. A file of any name may be included.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ sql 0001_tags
  $ file seed.sql 'insert into users values (1);\n'
  $ database staging
  $ ran staging 0000_users
  $ database production
  $ ran production 0000_users
  $ query production 'create table posts (id integer)'
  $ file .migfs "include seed           # part of it since the beginning\ninclude 0001_tags\napplied 0001_posts production  # by hand, with psql\n"
  $ cat problems
  0001_posts.sql: error: no stamp serves every database: production has run it and needs one of at most 1750000000000, staging has not and needs one above 1750000000000; deploy each database with its own databases/<name>/_journal.json [conflict]
  0001_posts.sql: error: has run in database production, and Drizzle runs it there again: its when, 1750000100000, is above the newest created_at, 1750000000000; deploy each database with its own databases/<name>/_journal.json [rerun]
  0001_tags.sql: error: not in meta/_journal.json, so Drizzle never runs it; deploy each database with its own databases/<name>/_journal.json, or `exclude` the file in .migfs [unjournaled]
  seed.sql: error: not in meta/_journal.json, so Drizzle never runs it; deploy each database with its own databases/<name>/_journal.json, or `exclude` the file in .migfs [unjournaled]
  meta/_journal.json: warning: it lists 2 of 4 migrations, so a database that Drizzle sets up from it lacks 2; deploy each database with its own databases/<name>/_journal.json [journal-incomplete]
  0001_tags.sql: warning: begins with the number of 0001_posts: Drizzle runs both, and they share one snapshot; rename one before it runs anywhere [duplicate-prefix]
  seed.sql: warning: has no snapshot in meta/: Drizzle runs it, but the next `drizzle-kit generate` may write its statements again; look at what it writes [snapshot-missing]
  $ cat status/0001_posts
  tag: 0001_posts
  state: rerun
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 1
  when: 1750000100000 2025-06-15T15:08:20.000Z
  snapshot: yes
  drizzle: runs it in staging; runs it again in production: its when is above the watermark
  consistent: refused: see problems
  database staging: pending
  database production: rerun
  $ cat status/seed
  tag: seed
  state: unjournaled
  file: seed.sql
  size: 30
  sha256: 2411c179ad11e54577686ebba42fafcb2cfab897d497729576df9e3d63295ea5
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: missing
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: refused: see problems
  database staging: not-applied
  database production: not-applied
  $ cat changes
  _journal.json: refused: no stamp serves 0001_posts: database production has run it and would run it again, were its stamp above 1750000000000; database staging has not, and runs it only above 1750000000000; use databases/<name>/_journal.json, one for each
  $ drizzle staging from _journal.json
  migfs: error: _journal.json is refused; see why: migfs print SOURCE problems
  [2]
  $ drizzle production from _journal.json
  migfs: error: _journal.json is refused; see why: migfs print SOURCE problems
  [2]

Another file, and none:

  $ echo 'exclude seed' >rules
  $ check --rules=rules
  0001_tags.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the number of 0001_posts: `include` or `exclude` it in .migfs, or delete it [held]
  [1]
  $ check --rules=/dev/null
  migfs: error: the rules file /dev/null is not a regular file of at most 1 MiB
  [2]
