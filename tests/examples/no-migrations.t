A journal without any SQL.

  $ entry 0000_users 1750000000000
  $ cat problems
  meta/_journal.json:5: error: lists 0000_users, and 0000_users.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: run `migfs fix` [missing]
  .: warning: there is no .sql file here; is this the migrations folder? [no-migrations]
  $ cat summary
  migrations: 1 missing
  meta/_journal.json: 1 entry
  _journal.json here: 0 entries, 1 change (see changes)
  problems: 1 error, 1 warning (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ drizzle empty
  failed: No file migrations/0000_users.sql found in migrations folder

A folder that is empty:

  $ afresh
  $ cat problems
  meta/_journal.json: error: there is none, and no .sql file either, so Drizzle aborts with "Can't find meta/_journal.json file"; is this the migrations folder? [journal-missing]
  $ cat summary
  migrations: none
  meta/_journal.json: there is none
  _journal.json here: 0 entries, 1 change (see changes)
  problems: 1 error (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ drizzle empty
  failed: Can't find meta/_journal.json file
