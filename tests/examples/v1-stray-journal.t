A folder of drizzle v1 in which the journal of 0.x was left behind. Its runner refuses it.

  $ rm -rf meta
  $ file 20250615150640_users/migration.sql 'create table users (id integer);\n'
  $ file 20250615150640_users/snapshot.json '{}'
  $ file meta/_journal.json '{"version":"7","dialect":"postgresql","entries":[]}'
  $ cat problems
  meta/_journal.json: error: exists, so every run of Drizzle v1 aborts, whatever it contains; it lists no file that is here: delete it [stray-journal]
