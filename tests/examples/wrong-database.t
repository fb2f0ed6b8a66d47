DATABASE_URL leads to another project's database.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database shop
  $ row shop 5f1d0b8f0a2b4e0c9a6d7b3c1e2f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5 1750000050000
  $ cat problems
  database shop: error: its ledger has 1 row, and none matches a migration here, so no journal is made for it: is this another project's database, or another ledger (--migrations-schema, --migrations-table)? Attach the right one; if the rows are another application's and nothing in this folder has run, write `foreign shop` into .migfs; or, if 0000_users replaces what has run there (a squash), `applied 0000_users shop` [wrong-database]
  $ cat summary
  migrations: 1 skipped, 1 pending
  meta/_journal.json: 2 entries
  _journal.json here: refused: the ledger of database shop has rows, but none of this folder's: another project's database? If it is the right one, write `foreign shop` into .migfs, or, after a squash, `applied TAG shop` for what it has
  problems: 1 error (see problems)
  
  database shop ("shop" at the socket in /run/postgresql): 1 row, newest created_at 1750000050000 (2025-06-15T15:07:30.000Z)
    1 skipped, 1 pending
    next deploy, from meta/_journal.json:
      runs 1: 0001_posts
      leaves out 1: 0000_users
    next deploy, from databases/shop/_journal.json:
      refused: the ledger of database shop has rows, but none of this folder's: another project's database? If it is the right one, write `foreign shop` into .migfs, or, after a squash, `applied TAG shop` for what it has
  $ check --format=json | head -c 3
  [
   

A squash looks the same, and a rule says so:

  $ file .migfs 'applied 0000_users shop\n'
  $ cat problems
  database shop: warning: 1 of its 1 rows is newer than every matched row and matches no migration here (id 1), perhaps of another branch or of a file that is gone: Drizzle skips what is older than it and has not run; if the newest belongs to a migration that has no row, write `applied 0001_posts shop` into .migfs before you deploy; if that is known, write `ignore unknown-row shop` into .migfs [unknown-row]
