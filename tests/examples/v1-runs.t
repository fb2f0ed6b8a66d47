Folders of drizzle v1 and their ledger: what has a row of its name is done, all else runs, whatever its date.

  $ folder 20250101000000_a
  $ folder 20250102000000_b
  $ database prod
  $ v1 prod
  ran 20250101000000_a, 20250102000000_b
  $ cat problems
  $ cat databases/prod/next
  $ v1 prod
  ran nothing
  $ folder 20250101120000_mid
  $ cat problems
  20250101120000_mid/migration.sql: note: has no row in database prod and runs at the next deploy, after 20250102000000_b, although its date is earlier [late-folder]
  $ cat databases/prod/next
  20250101120000_mid
  $ v1 prod
  ran 20250101120000_mid
  $ query prod "select created_at from drizzle.__drizzle_migrations where name = '20250101120000_mid'"
  1735732800000
  $ folder 20250101000000_a 'create table "a" (id integer, name text);\n'
  $ cat problems
  20250101000000_a/migration.sql: warning: has changed since it ran in database prod, and Drizzle does not run it again there (of what it does now, prod has 2 of 3, missing: column a.name): restore the old text and put the change into a migration of its own, or, if the edit is intended, write `edited 20250101000000_a@a7bc9d55` into .migfs [modified]
  $ v1 prod
  ran nothing
  $ mv migrations/20250102000000_b migrations/20250102000000_bb
  $ cat problems
  20250102000000_bb/migration.sql: error: has run in database prod as 20250102000000_b and runs there again, since its folder now has another name; rename the folder back, or set the name of row 2 to 20250102000000_bb [rerun]
  20250101000000_a/migration.sql: warning: has changed since it ran in database prod, and Drizzle does not run it again there (of what it does now, prod has 2 of 3, missing: column a.name): restore the old text and put the change into a migration of its own, or, if the edit is intended, write `edited 20250101000000_a@a7bc9d55` into .migfs [modified]
  $ cat databases/prod/next
  20250102000000_bb
  $ v1 prod
  failed: relation "b" already exists
  $ query prod "update drizzle.__drizzle_migrations set name = '20250102000000_bb' where id = 2"
  $ cat databases/prod/next
  $ v1 prod
  ran nothing
  $ query prod "update drizzle.__drizzle_migrations set name = null where id = 1"
  $ cat problems
  20250101000000_a/migration.sql: error: has run in database prod and runs there again: its row, 1, has no name, as a 0.x runner writes it; set the name of that row to 20250101000000_a, and let no 0.x runner deploy there any more [rerun]
  $ cat databases/prod/next
  20250101000000_a
  $ v1 prod
  failed: relation "a" already exists
  $ query prod "update drizzle.__drizzle_migrations set name = '20250101000000_a' where id = 1"
  $ v1 prod
  ran nothing
