What a ledger says and what is there: rows without objects, objects without rows, and what the next run meets.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_made 1750000200000 'do $$ begin execute format($f$ create index %I on users (id) $f$, $n$i$n$); end $$;\n'
  $ migration 0003_gone 1750000300000 'alter table gone add x integer;\n'
  $ database hand
  $ ran hand 0000_users
  $ query hand 'create table posts (id integer)'
  $ database half
  $ ran half 0000_users
  $ query half 'create table posts (other integer)'
  $ database never
  $ ran never 0000_users 0001_posts 0002_made
  $ query never 'drop table posts'
  $ database part
  $ ran part 0000_users 0001_posts 0002_made
  $ query part 'alter table posts drop column id'
  $ database empty
  $ ran empty 0000_users 0001_posts 0002_made
  $ query empty 'drop table users, posts'
  $ database lost
  $ query lost 'create table users (id integer); create table posts (id integer)'
  $ cat problems
  database empty: error: its ledger has 3 rows, but nothing that those migrations make is there (table users, table posts), so Drizzle runs none of them again and prints success; if it was emptied on purpose, drop the ledger as well, and everything will run [emptied]
  database lost: error: its ledger has no row, but the first 2 migrations are there, as after drizzle-kit push or a restore without the ledger: the next run aborts at the first; databases/lost/baseline.sql, run with psql, records what is there; the catalogs do not show whether 0002_made ran: in a copy of that file, first uncomment the row of each that did [ledger-lost]
  0001_posts.sql: error: has no row in database half, but only part of what it does is there (1 of 2), missing: column posts.id; the next run aborts at line 1 of it: table posts is there already; drop what is there, or make the rest by hand and record it as the next check says [half-there]
  0001_posts.sql: error: has a row in database never, but nothing that it does is there (missing: table posts, column posts.id), and Drizzle never runs it again; run its SQL there by hand; if it was dropped on purpose, write `ignore not-effective 0001_posts` into .migfs [not-effective]
  0001_posts.sql: error: has no row in database hand, but everything it does is there (2 of 2); the next run aborts at line 1 of it: table posts is there already; databases/hand/baseline.sql, run with psql, records it; the catalogs do not show whether 0002_made ran: in a copy of that file, first uncomment the row of each that did [ran-by-hand]
  0003_gone.sql:1: error: the next run in databases never, part aborts here, and nothing of that run stays: table gone is not there (42P01) at `alter table gone add x integer`; fix the migration, or the databases [will-abort]
  0001_posts.sql: warning: has a row in database part, but only part of what it does is there (1 of 2, missing: column posts.id), and Drizzle never repairs it; make what is missing by hand, or by a new migration; if it was dropped on purpose, write `ignore partly-effective 0001_posts` into .migfs [partly-effective]
  0002_made.sql:1: note: its effects are unknown: runs SQL made at run time, line 1 [effects-unknown]
  $ cat status/0001_posts | grep effects
  effects: creates table posts (1 column)
  effects hand: 2 of 2 there
  effects half: 1 of 2 there, missing: column posts.id
  effects never: 0 of 2 there
  effects part: 1 of 2 there, missing: column posts.id
  effects empty: 0 of 2 there
  effects lost: 2 of 2 there
  $ cat databases/part/schema
  table	users	there	0000_users
  column	users.id	there	0000_users
  table	posts	there	0001_posts
  column	posts.id	missing	0001_posts
  $ cat databases/lost/baseline.sql
  -- For psql: records the 2 migrations whose effects are all there in database lost and that have no row.
  -- It changes nothing but the ledger, and nothing at all the second time.
  BEGIN;
  SET LOCAL client_min_messages = warning;
  CREATE SCHEMA IF NOT EXISTS "drizzle";
  CREATE TABLE IF NOT EXISTS "drizzle"."__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint);
  -- 0000_users
  INSERT INTO "drizzle"."__drizzle_migrations" (hash, created_at) SELECT '80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4', 1750000000000
    WHERE NOT EXISTS (SELECT 1 FROM "drizzle"."__drizzle_migrations" WHERE hash = '80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4' AND created_at = 1750000000000);
  -- 0001_posts
  INSERT INTO "drizzle"."__drizzle_migrations" (hash, created_at) SELECT '4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3', 1750000100000
    WHERE NOT EXISTS (SELECT 1 FROM "drizzle"."__drizzle_migrations" WHERE hash = '4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3' AND created_at = 1750000100000);
  -- 0002_made: the catalogs do not show whether it ran here. If it did, uncomment the next two lines; else it runs at a deploy.
  -- INSERT INTO "drizzle"."__drizzle_migrations" (hash, created_at) SELECT '51280f37095bfa18f9a345841d7fdc458d23216dbc1d42dc2ddc9fea24dc8f54', 1750000200000
  --   WHERE NOT EXISTS (SELECT 1 FROM "drizzle"."__drizzle_migrations" WHERE hash = '51280f37095bfa18f9a345841d7fdc458d23216dbc1d42dc2ddc9fea24dc8f54' AND created_at = 1750000200000);
  COMMIT;
  $ drizzle never
  failed: Failed query: alter table gone add x integer;: relation "gone" does not exist
  $ drizzle lost
  failed: Failed query: create table "users" (id integer);: relation "users" already exists

What the summary says of the next run, and what baseline.sql leaves of it:

  $ cat databases/hand/summary
  database hand ("hand" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    3 pending, 1 applied
    next deploy:
      aborts at line 1 of 0001_posts.sql, and nothing of the run stays: table posts is there already (42P07) at `create table posts ( id integer )`
      of 3: 0001_posts, 0002_made, 0003_gone
  $ drizzle hand
  failed: Failed query: create table "posts" (id integer);: relation "posts" already exists
  $ cat databases/hand/baseline.sql | psql -X -q -d "${uri_of[hand]}"
  $ cat databases/hand/summary
  database hand ("hand" at the socket in /run/postgresql): 2 rows, newest created_at 1750000100000 (2025-06-15T15:08:20.000Z)
    2 pending, 2 applied
    next deploy:
      runs 2: 0002_made, 0003_gone
