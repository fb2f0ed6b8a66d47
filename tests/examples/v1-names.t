A folder of drizzle v1: its runner goes by the names of the folders alone.

  $ file 20250615150640_users/migration.sql 'create table users (id integer);\n'
  $ file 20250615150640_posts/migration.sql 'create table posts (id integer);\n'
  $ file notes/migration.sql 'select 1;\n'
  $ file 0004_tags.sql 'create table tags (id integer);\n'
  $ cat problems
  notes/migration.sql: error: the name of its folder does not begin with fourteen digits, so the run that gets to it aborts and nothing of that run stays; before it runs anywhere, rename the folder to the UTC second and a name, such as 20250101120000_name [no-date]
  20250615150640_users/migration.sql: warning: its folder has the same second as 20250615150640_posts, so their names decide which of them runs first, and 20250615150640_posts does; if that is not intended, rename this one to a later second before it runs anywhere [same-second]
  0004_tags.sql: warning: is never read by Drizzle v1, which reads only NAME/migration.sql; if it was meant to run, make it a migration of its own with `drizzle-kit generate --custom`, else delete it [unread]
  $ cat summary
  migrations: 3 journaled, 1 unread
  a Drizzle v1 folder, whose runner looks only at names
  problems: 1 error, 2 warnings (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ ls state/unread
  0004_tags
  $ cat status/0004_tags
  tag: 0004_tags
  state: unread
  file: 0004_tags.sql
  size: 32
  sha256: dd15c07912448e3fb8b8af40b1edcae0618bfde3d0589fd22fccd36a4ecc0546
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: missing
  drizzle: never reads it: it is not NAME/migration.sql
  consistent: -
  effects: creates table tags (1 column)
