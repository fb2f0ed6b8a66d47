A folder into which drizzle-kit generates, and which another tool deploys: its ledger names the files, listed or not. The Supabase CLI:

  $ afresh
  $ migration 20251210080000_users 1765353600000
  $ sql 20251210081500_rls 'alter table users enable row level security;'
  $ migration 20251210083000_posts 1765355400000
  $ database supa
  $ query supa "$(cat migrations/*.sql)"
  $ query supa "create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)"
  $ query supa "insert into supabase_migrations.schema_migrations values ('20251210080000', '{}', 'users'), ('20251210081500', '{}', 'rls')"
  $ cat problems
  20251210083000_posts.sql: error: has no row in database supa, but everything it does is there (2 of 2); databases/supa/baseline.sql, run with psql, records it [ran-by-hand]
  database supa: warning: Drizzle's ledger has no row, but supabase_migrations.schema_migrations, which is another tool's, names 2 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere supa` in .migfs hides this line [ledger-elsewhere]
  $ cat summary | grep '^database'
  database supa ("supa" at the socket in /run/postgresql): no ledger yet, but supabase_migrations.schema_migrations, which is another tool's, names 2 migrations of this folder (see problems): Drizzle's runner, which does not look there, would run everything that is listed

What it does not name is as it would be without it. Once it names all:

  $ query supa "insert into supabase_migrations.schema_migrations values ('20251210083000', '{}', 'posts')"
  $ cat problems
  database supa: warning: Drizzle's ledger has no row, but supabase_migrations.schema_migrations, which is another tool's, names 3 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere supa` in .migfs hides this line [ledger-elsewhere]
  $ file .migfs 'ignore ledger-elsewhere supa\n'
  $ cat problems

What the next deploy by Drizzle would do is said with that, on the screen and of each file:

  $ screen
  migrations: 3 migrations, 2 in meta/_journal.json; 1 database
    migration                           supa
    20251210080000_users                → pending
    20251210081500_rls                  ✗ unjournaled
    20251210083000_posts                → pending
  
  next deploy, from meta/_journal.json as it is
    supa: aborts at line 1 of 20251210080000_users.sql, and nothing of the run stays: table users is there already (42P07) at `create table users ( id integer )`
      of 2
      in this order: 20251210080000_users, 20251210083000_posts
      supabase_migrations.schema_migrations, of another tool, records 2 of these; Drizzle's runner does not look there
      never runs: 20251210081500_rls
  
  next deploy, from the consistent journal
    supa: aborts at line 1 of 20251210080000_users.sql, and nothing of the run stays: table users is there already (42P07) at `create table users ( id integer )`
      of 3
      in this order: 20251210080000_users, 20251210081500_rls, 20251210083000_posts
      supabase_migrations.schema_migrations, of another tool, records 3 of these; Drizzle's runner does not look there
  $ cat status/20251210080000_users | grep '^drizzle'
  drizzle: runs it in supa; supabase_migrations.schema_migrations, of another tool, records it in supa
  $ cat status/20251210081500_rls | grep '^drizzle'
  drizzle: never runs it: meta/_journal.json does not list it; supabase_migrations.schema_migrations, of another tool, records it in supa

Other tools, other tables. Numbers alone, where they are times (dbmate, Rails):

  $ file .migfs ''
  $ query supa "drop schema supabase_migrations cascade; create table schema_migrations as select version from (values ('20251210080000'), ('20251210081500'), ('20251210083000')) as v (version)"
  $ cat problems
  database supa: warning: Drizzle's ledger has no row, but public.schema_migrations, which is another tool's, names 3 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere supa` in .migfs hides this line [ledger-elsewhere]

Names of files, in a table that is called anything (Knex, node-pg-migrate, and what teams write themselves):

  $ query supa "drop table schema_migrations; create table ran (id serial, script varchar(200)); insert into ran (script) values ('sql/20251210080000_users.sql'), ('sql/20251210081500_rls.sql'), ('sql/20251210083000_posts.sql')"
  $ cat problems
  database supa: warning: Drizzle's ledger has no row, but public.ran, which is another tool's, names 3 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere supa` in .migfs hides this line [ledger-elsewhere]

Rows of runs that failed or were taken back do not count (Prisma, Flyway):

  $ query supa "drop table ran; create table _prisma_migrations (migration_name text, finished_at timestamptz, rolled_back_at timestamptz); insert into _prisma_migrations select name, now(), case when name like '%rls' then now() end from (values ('20251210080000_users'), ('20251210081500_rls'), ('20251210083000_posts')) as v (name)"
  $ cat problems
  20251210081500_rls.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in database supa; run `migfs fix` with the same databases; or write `exclude 20251210081500_rls` into .migfs if it is not a migration [unjournaled]
  database supa: warning: Drizzle's ledger has no row, but public._prisma_migrations, which is another tool's, names 2 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere supa` in .migfs hides this line [ledger-elsewhere]

Small numbers are those of any folder. They count in a table that is called a ledger and in which no other number stands; golang-migrate
records the newest alone:

  $ afresh
  $ migration 0001_a 1750000000000
  $ sql 0002_b
  $ sql 0003_c
  $ database tool
  $ query tool "$(cat migrations/*.sql); create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (3, false)"
  $ cat problems
  database tool: warning: Drizzle's ledger has no row, but public.schema_migrations, which is another tool's, names 3 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere tool` in .migfs hides this line [ledger-elsewhere]
  $ query tool "update schema_migrations set dirty = true"
  $ cat problems
  0003_c.sql: error: not in meta/_journal.json, so Drizzle never runs it, and all 2 objects it makes are there in database tool, where no row says that it ran: write `exclude 0003_c` into .migfs if no other database is to get it, else `include 0003_c`, and run databases/tool/baseline.sql with psql [held]
  database tool: warning: Drizzle's ledger has no row, but public.schema_migrations, which is another tool's, names 2 migrations of this folder, so those are not errors here; Drizzle's runner does not know that table and would run everything that is listed: deploy with the other tool; `ignore ledger-elsewhere tool` in .migfs hides this line [ledger-elsewhere]
  $ query tool "update schema_migrations set version = 7, dirty = false"
  $ cat problems | cut -c 1-60
  database tool: error: its ledger has no row, but the first 3
  0002_b.sql: error: not in meta/_journal.json, so Drizzle nev
  0003_c.sql: error: not in meta/_journal.json, so Drizzle nev
  meta/_journal.json:5: warning: idx of 0001_a, the last entry
  $ query tool "drop table schema_migrations; create table products (name text, version integer); insert into products values ('1', 1), ('2', 2), ('3', 3)"
  $ cat problems | cut -c 1-60
  database tool: error: its ledger has no row, but the first 3
  0002_b.sql: error: not in meta/_journal.json, so Drizzle nev
  0003_c.sql: error: not in meta/_journal.json, so Drizzle nev
  meta/_journal.json:5: warning: idx of 0001_a, the last entry

Nor do small numbers among others that are of no file here:

  $ query tool "drop table products; create table schema_migrations as select version from (values (1), (2), (3), (9)) as v (version)"
  $ cat problems | cut -c 1-60
  database tool: error: its ledger has no row, but the first 3
  0002_b.sql: error: not in meta/_journal.json, so Drizzle nev
  0003_c.sql: error: not in meta/_journal.json, so Drizzle nev
  meta/_journal.json:5: warning: idx of 0001_a, the last entry

A number that is a time names its file, but not where it is the one that failed:

  $ afresh
  $ migration 20251210080000_users 1765353600000
  $ migration 20251210081500_tags 1765354500000
  $ migration 20251210083000_posts 1765355400000
  $ database dirty
  $ query dirty "$(cat migrations/*_users.sql migrations/*_tags.sql); create table schema_migrations (version bigint, dirty boolean); insert into schema_migrations values (20251210083000, true)"
  $ cat problems | grep -o 'names [0-9]* migration[s]*'
  names 2 migrations

Where Drizzle has rows of its own, what only the other tool ran needs a rule:

  $ afresh
  $ migration 0001_a 1750000000000
  $ sql 0002_b
  $ database both
  $ drizzle both
  ran 0001_a
  $ query both "$(cat migrations/0002_b.sql); create table knex_migrations (id serial, name text); insert into knex_migrations (name) values ('0001_a.sql'), ('0002_b.sql')"
  $ cat problems
  database both: warning: besides Drizzle's ledger, public.knex_migrations, which is another tool's, names 2 migrations of this folder, some without a row here: write `applied 0002_b both` into .migfs [ledger-elsewhere]
  $ file .migfs 'applied 0002_b both\n'
  $ cat problems
  meta/_journal.json: warning: it lists 1 of 2 migrations, so a database that Drizzle sets up from it lacks 1; run `migfs fix` with the same databases [journal-incomplete]
  database both: note: besides Drizzle's ledger, public.knex_migrations, which is another tool's, names 2 migrations of this folder [ledger-elsewhere]
  $ commit && drizzle both
  ran nothing
