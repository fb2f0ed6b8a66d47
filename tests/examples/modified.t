A file was edited after it had run.

  $ migration 0000_users 1750000000000
  $ database production
  $ ran production 0000_users
  $ sql 0000_users 'create table users (id integer, name text);\n'
  $ cat problems
  0000_users.sql: warning: has changed since it ran in database production, and Drizzle does not run it again there: put the change into a migration of its own [modified]
  $ cat status/0000_users
  tag: 0000_users
  state: modified
  file: 0000_users.sql
  size: 44
  sha256: 29c1429ccd976d6c1d92ab113234e55c29c4a4c2f1b102b5a355cab077aca5e2
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: passes over it in production, where it ran with another text
  consistent: passes over it in production
  database production: modified
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	stamp
  $ drizzle production
  ran nothing
