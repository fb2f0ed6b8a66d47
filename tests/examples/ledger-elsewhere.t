The ledger that migfs looks for is not there; two tables that look like one stand under other names, one by its columns alone.

  $ migration 0000_users 1750000000000
  $ database shop
  $ query shop 'create table __drizzle_migrations (id serial primary key, hash text not null, created_at bigint); create schema other; create table other.tenant_a (like __drizzle_migrations including all)'
  $ cat problems
  database shop: warning: the configured ledger is not there, but other.tenant_a, public.__drizzle_migrations look like one: what has run according to them is not known here; if that is this folder's, name it with --migrations-schema and --migrations-table [ledger-elsewhere]
  $ cat summary | grep '^database'
  database shop ("shop" at the socket in /run/postgresql): no ledger yet, but other.tenant_a looks like one (see problems): Drizzle's runner, which does not look there, would run everything that is listed

A table that has other columns, too, is not a ledger, unless it is called one:

  $ query shop 'drop schema other cascade; create table events (id serial, hash text not null, created_at bigint, size integer)'
  $ cat problems
  database shop: warning: the configured ledger is not there, but public.__drizzle_migrations looks like one: what has run according to it is not known here; if that is this folder's, name it with --migrations-schema and --migrations-table [ledger-elsewhere]

A ledger without a row is no better than none:

  $ query shop 'create schema drizzle; create table drizzle.__drizzle_migrations (like __drizzle_migrations including all)'
  $ cat problems
  database shop: warning: the configured ledger has no row, but public.__drizzle_migrations looks like one: what has run according to it is not known here; if that is this folder's, name it with --migrations-schema and --migrations-table [ledger-elsewhere]

One with rows is what Drizzle goes by; that there is another is a note:

  $ drizzle shop
  ran 0000_users
  $ cat problems
  database shop: note: besides the configured ledger, public.__drizzle_migrations looks like one; what has run according to it is not known here [ledger-elsewhere]
