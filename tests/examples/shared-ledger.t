Another application uses the same ledger.

  $ migration 0000_users 1750000000000
  $ database production
  $ for when in 1750000100000 1750000200000 1750000300000; do row production of_another_app $when; done
  $ cat problems
  0000_users.sql: error: has not run in database production, and Drizzle never runs it there: its when, 1750000000000, is not above the newest created_at, 1750000300000; first mend that for which _journal.json is refused [skipped]
  database production: warning: 3 of its 3 rows are of no migration here: where another application shares the ledger, Drizzle skips what is older than the other's newest; give each its own migrationsTable, or attach the right database; what has no row counts as not run (0000_users): if it did run, write `applied TAG production` into .migfs before you deploy [shared-ledger]
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000100000	of_another_app	-	-
  2	1750000200000	of_another_app	-	-
  3	1750000300000	of_another_app	-	-
  $ drizzle production
  ran nothing
