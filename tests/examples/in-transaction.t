The runner sends all that is pending in one transaction.

  $ migration 0000_posts 1750000000000 "create type kind as enum ('draft');\ncreate table posts (id integer, kind kind);\n"
  $ migration 0001_index 1750000100000 'create index concurrently posts_id on posts (id);\n'
  $ migration 0002_kind 1750000200000 "alter type kind add value 'final';\n"
  $ migration 0003_default 1750000300000 "alter table posts alter kind set default 'final';\n"
  $ database production
  $ drizzle empty
  failed: Failed query: create index concurrently posts_id on posts (i: CREATE INDEX CONCURRENTLY cannot run inside a transaction block
  $ row production $(hash 0000_posts) 1750000000000
  $ cat problems
  0001_index.sql:1: error: CREATE INDEX CONCURRENTLY: Drizzle runs everything that is pending in one transaction, which this statement cannot be in; remove it, or rewrite it so that it can run in a transaction [in-transaction]
  0003_default.sql:1: warning: uses the value 'final' that 0002_kind adds to the enum kind: where both are pending, they run in one transaction, which cannot use it yet, and a new database always runs both; have 0002_kind make a new type with the value, and change the columns to it, instead of adding the value [in-transaction]

Without CONCURRENTLY, and with the value deployed first:

  $ file 0001_index.sql 'create index posts_id on posts (id);\n'
  $ row production $(hash 0001_index) 1750000100000
  $ row production $(hash 0002_kind) 1750000200000
  $ cat problems
