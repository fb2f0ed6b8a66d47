A part of what a migration does is there, and the rest can still be done.

  $ migration 0000_users 1750000000000 'create table users (id integer, name text);\n'
  $ migration 0001_named 1750000100000 'alter table users alter name set default $$x$$, alter name set not null;\n'
  $ database production
  $ ran production 0000_users
  $ query production 'alter table users alter name set default $$x$$'
  $ cat problems
  0001_named.sql: warning: has no row in database production, but only part of what it does is there (1 of 2), missing: not null users.name; drop what is there, or make the rest by hand and record it as the next check says [half-there]
  $ cat status/0001_named | grep effects
  effects: changes not null users.name, default users.name
  effects production: 1 of 2 there, missing: not null users.name
