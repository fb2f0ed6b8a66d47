Made snapshots beside a database that has run their migrations: what exists there is compared.

  $ migration 0000_users 1750000000000 'create table users (id integer);\n'
  $ file meta/0000_snapshot.json '{"id":"00000000-0000-4000-8000-000000000001","prevId":"00000000-0000-0000-0000-000000000000","version":"7","dialect":"postgresql","tables":{"public.users":{"name":"users","schema":"","columns":{"id":{"name":"id","type":"integer","primaryKey":false,"notNull":false}},"indexes":{},"foreignKeys":{},"compositePrimaryKeys":{},"uniqueConstraints":{},"policies":{},"checkConstraints":{},"isRLSEnabled":false}},"enums":{},"schemas":{},"sequences":{},"roles":{},"policies":{},"views":{},"_meta":{"columns":{},"schemas":{},"tables":{}}}'
  $ migration 0001_icons 1750000100000 "create type mood as enum ('fine', 'bad');\nalter table users add column icon text not null, add column mood mood;\n"
  $ migration 0002_notes 1750000200000 'create table notes (id serial primary key, a_name_of_more_than_the_sixty_three_bytes_that_the_server_keeps_of_it text);\n'
  $ rm migrations/meta/0001_snapshot.json migrations/meta/0002_snapshot.json
  $ cat changes
  meta/0001_snapshot.json: made from 0001_icons.sql, unverified: it is not all as drizzle-kit writes it; put in: enum mood, column users.icon, column users.mood; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  meta/0002_snapshot.json: made from 0002_notes.sql, unverified: it is not all as drizzle-kit writes it; put in: table notes; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  $ database prod
  $ query prod 'create table a (notes text)'
  $ cat changes | grep -c unverified
  2
  $ ran prod 0000_users
  $ cat changes
  meta/0001_snapshot.json: made from 0001_icons.sql, unverified: it is not all as drizzle-kit writes it; put in: enum mood, column users.icon, column users.mood; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  meta/0002_snapshot.json: made from 0002_notes.sql, unverified: it is not all as drizzle-kit writes it; put in: table notes; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  $ ran prod 0001_icons 0002_notes
  $ cat changes
  meta/0001_snapshot.json: made from 0001_icons.sql, confirmed by database prod; put in: enum mood, column users.icon, column users.mood; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  meta/0002_snapshot.json: made from 0002_notes.sql, confirmed by database prod; put in: table notes; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  $ database staging
  $ ran staging 0000_users 0001_icons
  $ cat changes | grep -o 'confirmed by database [a-z]*'
  confirmed by database prod
  confirmed by database prod
  $ query staging "alter type mood add value 'so so'; alter table users alter column icon drop not null, add column nick text"
  $ cat changes
  meta/0001_snapshot.json: made from 0001_icons.sql, confirmed by database prod; put in: enum mood, column users.icon, column users.mood; the next `drizzle-kit generate` drops what schema.ts does not declare of this; but in database staging column users.icon may be null there, column users.nick is there but not in the snapshot, value mood.so so is there but not in the snapshot
  meta/0002_snapshot.json: made from 0002_notes.sql, confirmed by database prod; put in: table notes; the next `drizzle-kit generate` drops what schema.ts does not declare of this
  $ query prod 'alter table notes add column more text'
  $ cat changes | grep -o 'but in database prod .*'
  but in database prod column notes.more is there but not in the snapshot
  $ query prod "alter table users drop column icon; drop table notes"
  $ cat changes
  meta/0001_snapshot.json: made from 0001_icons.sql, unverified: it is not all as drizzle-kit writes it; put in: enum mood, column users.icon, column users.mood; the next `drizzle-kit generate` drops what schema.ts does not declare of this; but in database staging column users.icon may be null there, column users.nick is there but not in the snapshot, value mood.so so is there but not in the snapshot
  meta/0002_snapshot.json: made from 0002_notes.sql, unverified: it is not all as drizzle-kit writes it; put in: table notes; the next `drizzle-kit generate` drops what schema.ts does not declare of this; but in database prod column users.icon is not there, table notes is not there
  $ cat problems
  0002_notes.sql: error: has a row in database prod, but nothing that it does is there (missing: table notes, column notes.id, sequence notes_id_seq and 3 more), and Drizzle never runs it again; run its SQL there by hand; if it was dropped on purpose, write `ignore not-effective 0002_notes` into .migfs [not-effective]
  0001_icons.sql: warning: has a row in database prod, but only part of what it does is there (4 of 5, missing: column users.icon), and Drizzle never repairs it; make what is missing by hand, or by a new migration; if it was dropped on purpose, write `ignore partly-effective 0001_icons` into .migfs [partly-effective]
  0001_icons.sql: warning: 0001_icons, 0002_notes come after the newest snapshot in meta/: Drizzle's runner needs none, but the next `drizzle-kit generate` writes their statements again; `migfs fix` writes them, made from the SQL; put in by hand-written SQL: enum mood, column users.icon, column users.mood of 0001_icons, table notes of 0002_notes; first add to schema.ts what it does not declare of this, or the next `drizzle-kit generate` drops it; but in database staging column users.icon may be null there, column users.nick is there but not in the snapshot, value mood.so so is there but not in the snapshot; but in database prod column users.icon is not there, table notes is not there [snapshot-missing]
