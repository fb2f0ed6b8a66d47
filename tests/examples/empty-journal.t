SQL without a single entry.

  $ sql 0000_users
  $ sql 0001_posts
  $ journal '{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": []\n}'
  $ cat problems
  0000_users.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0000_users` into .migfs if it is not a migration [unjournaled]
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0001_posts` into .migfs if it is not a migration [unjournaled]
  $ cat summary
  migrations: 2 unjournaled
  meta/_journal.json: 0 entries
  _journal.json here: 2 entries, 2 changes (see changes)
  problems: 2 errors (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ drizzle empty
  ran nothing
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_posts
