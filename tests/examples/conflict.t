0001_posts ran in staging and not in production; 0002_tags, with a later stamp, ran in production and not in staging.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_tags 1750000200000
  $ database staging
  $ ran staging 0000_users 0001_posts
  $ database production
  $ ran production 0000_users 0002_tags
  $ cat problems
  0001_posts.sql: error: no timestamp is right for every database: staging has run it and needs one of at most 1750000100000, production has not and needs one above 1750000200000, so Drizzle never runs it in database production; if it was run there by hand, write `applied 0001_posts production` into .migfs; else deploy each database with its own databases/<name>/_journal.json [conflict]
  $ cat summary
  migrations: 1 skipped, 1 pending, 1 applied
  meta/_journal.json: 3 entries
  _journal.json here: refused: no timestamp is right for 0001_posts: database staging has run it and would run it again if its timestamp were above 1750000100000; database production has not, and runs it only above 1750000200000; use databases/<name>/_journal.json, one for each
  problems: 1 error (see problems)
  databases: 0 level, 2 not (staging, production)
  
  database staging ("staging" at the socket in /run/postgresql): 2 rows, newest created_at 1750000100000 (2025-06-15T15:08:20.000Z)
    1 pending, 2 applied
    next deploy, from meta/_journal.json:
      runs 1: 0002_tags
    next deploy, from databases/staging/_journal.json:
      runs 1: 0002_tags
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750000200000 (2025-06-15T15:10:00.000Z)
    1 skipped, 2 applied
    next deploy, from meta/_journal.json:
      runs nothing
      leaves out 1: 0001_posts
    next deploy, from databases/production/_journal.json:
      runs 1: 0001_posts
  $ cat changes
  _journal.json: refused: no timestamp is right for 0001_posts: database staging has run it and would run it again if its timestamp were above 1750000100000; database production has not, and runs it only above 1750000200000; use databases/<name>/_journal.json, one for each
  $ cat _journal.json
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
  $ drizzle production
  ran nothing

Each with its own journal:

  $ drizzle staging from databases/staging/_journal.json
  ran 0002_tags
  $ drizzle production from databases/production/_journal.json
  ran 0001_posts

Now both have all of it, and one journal serves both:

  $ cat problems
  $ cat changes
  $ drizzle staging from _journal.json
  ran nothing
  $ drizzle production from _journal.json
  ran nothing

A rule says that it ran where the ledger has no row at all; there no journal can keep Drizzle from running it:

  $ afresh
  $ migration 0000_users 1750000000000
  $ file .migfs 'applied 0000_*\n'
  $ database empty
  $ cat problems
  0000_users.sql: error: a rule says it ran in database empty, whose ledger has no row, so Drizzle runs everything there; remove the rule, or record the row [conflict]
  $ cat databases/empty/_journal.json
  migfs: error: databases/empty/_journal.json is refused; see why: migfs print migrations problems
  [2]
  $ drizzle empty
  ran 0000_users
