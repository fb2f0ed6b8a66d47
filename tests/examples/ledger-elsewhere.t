The ledger that migfs looks for is not there; two tables that have its columns stand under other names.

  $ migration 0000_users 1750000000000
  $ database shop
  $ query shop 'create table __drizzle_migrations (id serial primary key, hash text not null, created_at bigint); create schema other; create table other.tenant_a (like __drizzle_migrations)'
  $ cat problems
  database shop: warning: the ledger that was asked for is not there, but other.tenant_a, public.__drizzle_migrations have the columns of one: what has run by them is not known here; if that is this folder's, name it with --migrations-schema and --migrations-table [ledger-elsewhere]

A table that has other columns, too, is not a ledger:

  $ query shop 'drop schema other cascade; alter table __drizzle_migrations add size integer'
  $ cat problems
