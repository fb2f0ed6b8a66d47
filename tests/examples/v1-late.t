A folder of drizzle v1 in which a branch brought an earlier date: it runs, after what has a later one.

  $ file 20250615150640_users/migration.sql 'create table users (id integer);\n'
  $ file 20250617150640_posts/migration.sql 'create table posts (id integer);\n'
  $ file 20250616150640_tags/migration.sql 'create table tags (id integer);\n'
  $ database production
  $ query production "create table users (id integer); create table posts (id integer); create schema drizzle"
  $ query production "create table drizzle.__drizzle_migrations (id serial, hash text not null, created_at bigint, name text, applied_at timestamptz default now())"
  $ query production "insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('', 1749999999000, '20250615150640_users'), ('', 1750172800000, '20250617150640_posts')"
  $ cat problems
  20250616150640_tags/migration.sql: note: has no row in database production and runs at the next deploy, after 20250617150640_posts, although its date is earlier [late-folder]
  $ cat summary
  migrations: 1 pending, 2 applied
  a Drizzle v1 folder, whose runner looks only at names
  problems: 1 note (see problems)
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750172800000 (2025-06-17T15:06:40.000Z)
    1 pending, 2 applied
    next deploy:
      runs 1: 20250616150640_tags
  $ cat databases/production/next
  20250616150640_tags
