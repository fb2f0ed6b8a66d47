A 0.x runner that still deploys adds a row to a ledger of v1.

  $ folder 20250101000000_a
  $ folder 20250103224640_d
  $ database prod
  $ v1 prod
  ran 20250101000000_a, 20250103224640_d
  $ query prod "update drizzle.__drizzle_migrations set name = null, created_at = 1735948800500 where id = 2"
  $ mv migrations/20250103224640_d migrations/20250104000000_d
  $ cat problems
  20250104000000_d/migration.sql: error: has run in database prod and runs there again: its row, 2, has no name, as a 0.x runner writes it; set the name of that row to 20250104000000_d, and let no 0.x runner deploy there any more [rerun]
  $ cat databases/prod/next
  20250104000000_d
  $ v1 prod
  failed: relation "d" already exists
  $ query prod "update drizzle.__drizzle_migrations set name = '20250104000000_d' where id = 2"
  $ cat problems
  $ v1 prod
  ran nothing
