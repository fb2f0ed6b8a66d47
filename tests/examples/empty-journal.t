SQL without a single entry.

  $ sql 0000_users
  $ sql 0001_posts
  $ journal '{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": []\n}'
  $ cat problems
  0000_users.sql: error: not in meta/_journal.json, so Drizzle never runs it; commit the _journal.json served here, or `exclude` the file in .migfs [unjournaled]
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; commit the _journal.json served here, or `exclude` the file in .migfs [unjournaled]
  meta/_journal.json: warning: it lists 0 of 2 migrations, so a database that Drizzle sets up from it lacks 2; commit the _journal.json served here [journal-incomplete]
  $ cat summary
  migrations: 2 unjournaled
  meta/_journal.json: 0 entries
  _journal.json here: 2 entries, 2 changes (see changes)
  problems: 2 errors, 1 warning (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ drizzle empty
  ran nothing
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_posts
