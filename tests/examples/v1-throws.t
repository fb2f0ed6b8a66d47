A folder of drizzle v1 and a ledger of 0.x that its first run cannot take over, since a row is of no folder.

  $ file 20250615150640_users/migration.sql 'create table users (id integer);\n'
  $ database production
  $ query production "create table users (id integer); create schema drizzle"
  $ query production "create table drizzle.__drizzle_migrations (id serial, hash text not null, created_at bigint)"
  $ query production "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of users', 1750000000000), ('of a migration that was deleted', 1750100000000)"
  $ cat problems
  database production: error: its ledger is from 0.x, and 1 of its rows match no folder here by second or hash, so every run of v1 throws and changes nothing; restore their migrations, or delete those rows once 0.x no longer deploys there [v1-ledger]
  20250615150640_users/migration.sql: warning: has changed since it ran in database production, and Drizzle does not run it again there: restore the old text and put the change into a migration of its own, or, if the edit is intended, write `edited 20250615150640_users@968a887a` into .migfs [modified]
  $ cat summary
  migrations: 1 modified
  a Drizzle v1 folder, whose runner looks only at names
  problems: 1 error, 1 warning (see problems)
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750100000000 (2025-06-16T18:53:20.000Z)
    1 modified
    next deploy:
      aborts every run: its ledger is from 0.x, and has rows of no folder here
