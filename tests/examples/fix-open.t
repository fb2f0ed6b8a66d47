What `migfs fix` writes cannot settle everything. A migration was run by hand, so the next run aborts by any journal; and a file that nobody has decided about stays out:

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ sql 0002_tags
  $ file '0001_posts 2.sql' 'create table posts (id integer, title text);\n'
  $ database production
  $ ran production 0000_users
  $ query production 'create table posts (id integer)'
  $ "$migfs" fix --dry-run "${databases[@]}" migrations
  would write meta/_journal.json:
    0002_tags: added with idx 2, when 1750000128362
    _journal.json: the newest timestamp made here is 1750000128362 (2025-06-15T15:08:48.362Z)
  migfs: the next run in database production, by the consistent journal, aborts at line 1 of 0001_posts.sql, and nothing of the run stays: table posts is there already (42P07) at `create table posts ( id integer )`
  migfs: still open: 0001_posts.sql: error: has no row in database production, but everything it does is there (2 of 2); the next run aborts at line 1 of it: table posts is there already; databases/production/baseline.sql, run with psql, records it; or, where every database that lacks it is attached, `applied 0001_posts production` in .migfs says so [ran-by-hand]
  migfs: for you to decide: 0001_posts 2.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It is named like a copy of 0001_posts: delete it, or write `exclude 0001_posts[[:blank:]]2` or `include 0001_posts[[:blank:]]2` into .migfs; what it does is not there in database production, and it would run: `include` it if it was meant [held]
  $ "$migfs" fix "${databases[@]}" migrations | grep -v -e '^to undo' -e '^git cannot'
  migfs: the next run in database production, by the consistent journal, aborts at line 1 of 0001_posts.sql, and nothing of the run stays: table posts is there already (42P07) at `create table posts ( id integer )`
  migfs: still open: 0001_posts.sql: error: has no row in database production, but everything it does is there (2 of 2); the next run aborts at line 1 of it: table posts is there already; databases/production/baseline.sql, run with psql, records it; or, where every database that lacks it is attached, `applied 0001_posts production` in .migfs says so [ran-by-hand]
  migfs: for you to decide: 0001_posts 2.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It is named like a copy of 0001_posts: delete it, or write `exclude 0001_posts[[:blank:]]2` or `include 0001_posts[[:blank:]]2` into .migfs; what it does is not there in database production, and it would run: `include` it if it was meant [held]
  wrote meta/_journal.json:
    0002_tags: added with idx 2, when 1750000128362
    _journal.json: the newest timestamp made here is 1750000128362 (2025-06-15T15:08:48.362Z)
  $ drizzle production
  failed: Failed query: create table "posts" (id integer);: relation "posts" already exists

Nothing is left to write, and the same is open:

  $ "$migfs" fix "${databases[@]}" migrations
  migfs: the next run in database production, by the consistent journal, aborts at line 1 of 0001_posts.sql, and nothing of the run stays: table posts is there already (42P07) at `create table posts ( id integer )`
  migfs: still open: 0001_posts.sql: error: has no row in database production, but everything it does is there (2 of 2); the next run aborts at line 1 of it: table posts is there already; databases/production/baseline.sql, run with psql, records it; or, where every database that lacks it is attached, `applied 0001_posts production` in .migfs says so [ran-by-hand]
  migfs: for you to decide: 0001_posts 2.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It is named like a copy of 0001_posts: delete it, or write `exclude 0001_posts[[:blank:]]2` or `include 0001_posts[[:blank:]]2` into .migfs; what it does is not there in database production, and it would run: `include` it if it was meant [held]

Both decided:

  $ cat databases/production/baseline.sql >baseline.sql && query production "$(command cat baseline.sql)"
  $ file .migfs 'exclude 0001_posts?2\n'
  $ "$migfs" fix "${databases[@]}" migrations
  $ drizzle production
  ran 0002_tags
