It ran from a checkout on Windows.

  $ migration 0000_users 1750000000000 'create table users (id integer);\r\n'
  $ database production
  $ ran production 0000_users
  $ sql 0000_users 'create table users (id integer);\n'
  $ cat problems
  0000_users.sql: note: ran in database production with other line endings (CRLF or LF); Drizzle ignores that, and `*.sql text eol=lf` in .gitattributes keeps those of the next ones [line-ends]
  $ cat status/0000_users
  tag: 0000_users
  state: applied
  file: 0000_users.sql
  size: 33
  sha256: 968a887aca174ac5ff7677ad6717511dff395f1c528856c0c34d6e0cb08e4a9a
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: passes over it in production
  consistent: passes over it in production
  database production: applied
  effects: creates table users (1 column)
  effects production: 2 of 2 there
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80836cf30f2eefeeeb58391fbaf33f50bee269e8a504e9536dfdbdff38b1003b	0000_users	line-ends
  $ drizzle production
  ran nothing
