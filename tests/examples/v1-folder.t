A folder half converted to the layout of Drizzle v1.

  $ migration 0000_users 1750000000000
  $ file 20250615150640_users/migration.sql 'create table users (id integer);\n'
  $ file 20250615150640_users/snapshot.json '{}'
  $ file 20250616150640_posts/migration.sql 'create table posts (id integer);\n'
  $ cat problems
  20250615150640_users/migration.sql: warning: has the layout of Drizzle v1, which the 0.x runner does not read, and whose own runner refuses a folder with meta/_journal.json; finish `drizzle-kit up` or undo it [v1-folder]
  $ drizzle empty
  ran 0000_users
