A file that no journal lists, and all that it makes is there in both databases, then in one:

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ database staging
  $ ran staging 0000_users
  $ query staging 'create table posts (id integer)'
  $ database production
  $ ran production 0000_users
  $ query production 'create table posts (id integer)'
  $ cat problems
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it, and all 2 objects it makes are there in databases staging, production, where no row says that it ran: write `exclude 0001_posts` into .migfs if no other database is to get it, else `include 0001_posts`, and run databases/staging/baseline.sql, databases/production/baseline.sql with psql; or, where every database that lacks it is attached, `applied 0001_posts staging`, `applied 0001_posts production` [held]
  meta/_journal.json:5: warning: idx of 0000_users, the last entry, is 0, so the next `drizzle-kit generate` overwrites meta/0001_snapshot.json, which exists; set it to 1 [snapshot-overwrite]
  $ cat status/0001_posts | grep -e state -e consistent
  state: held
  statements: 1
  consistent: left out until you decide: all that it does is there, and no row says that it ran
  $ query production 'drop table posts'
  $ cat problems
  0001_posts.sql: error: not in meta/_journal.json, and all 2 objects it makes are there in database staging, where no row says that it ran, but not in every other, so the journal is refused: write `exclude 0001_posts` into .migfs if the others are not to get it, else `include 0001_posts`, and run databases/staging/baseline.sql with psql [ran-by-hand]
  $ cat changes
  _journal.json: refused: everything 0001_posts does is there in database staging, but not in every other, and no row says that it ran; write `exclude 0001_posts` into .migfs if the others are not to get it, else `include 0001_posts`, and run databases/staging/baseline.sql with psql
  $ file .migfs 'include 0001_posts\n'
  $ cat databases/staging/baseline.sql | psql -X -q -d "${uri_of[staging]}"
  $ commit
  $ drizzle staging
  ran nothing
  $ drizzle production
  ran 0001_posts
  $ cat problems
