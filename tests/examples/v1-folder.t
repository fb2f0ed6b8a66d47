A folder half converted to the layout of drizzle v1.

  $ migration 0000_users 1750000000000
  $ file 20250615150640_users/migration.sql 'create table users (id integer);\n'
  $ file 20250615150640_users/snapshot.json '{}'
  $ file 20250616150640_posts/migration.sql 'create table posts (id integer);\n'
  $ cat problems
  20250615150640_users/migration.sql: warning: is in the layout of drizzle v1, which this runner does not read and whose runner refuses a folder with meta/_journal.json; finish `drizzle-kit up` or take it back [v1-folder]
  $ drizzle empty
  ran 0000_users
