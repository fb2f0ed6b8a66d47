A database without a ledger, and one whose ledger is empty.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ database new
  $ database emptied
  $ ran emptied 0000_users
  $ query emptied 'delete from drizzle.__drizzle_migrations'
  $ cat summary
  migrations: 1 unjournaled, 1 pending
  meta/_journal.json: 1 entry
  _journal.json here: 2 entries, 1 change (see changes)
  problems: 2 errors (see problems)
  databases: 0 level, 2 not (new, emptied)
  
  database new ("new" at the socket in /run/postgresql): no ledger yet, so everything that is listed runs
    1 pending, 1 not-applied
    next deploy, from meta/_journal.json:
      runs 1: 0000_users
      leaves out 1: 0001_posts
    next deploy, from _journal.json here:
      runs 2: 0000_users, 0001_posts
  
  database emptied ("emptied" at the socket in /run/postgresql): 0 rows, so everything that is listed runs
    1 pending, 1 not-applied
    1 row was tried and not kept: the ledger's id sequence is that far above its newest row, as after a run that was rolled back
    next deploy, from meta/_journal.json:
      aborts at line 1 of 0000_users.sql, and nothing of the run stays: table users is there already (42P07) at `create table users ( id integer )`
      of 1: 0000_users
      leaves out 1: 0001_posts
    next deploy, from _journal.json here:
      aborts at line 1 of 0000_users.sql, and nothing of the run stays: table users is there already (42P07) at `create table users ( id integer )`
      of 2: 0000_users, 0001_posts
  $ cat databases/new/ledger
  id	created_at	hash	tag	matched
  $ cat status/0000_users
  tag: 0000_users
  state: pending
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: runs it in new, emptied
  consistent: runs in new, emptied
  database new: pending
  database emptied: pending
  effects: creates table users (1 column)
  effects new: 0 of 2 there
  effects emptied: 2 of 2 there
  $ drizzle new
  ran 0000_users
  $ drizzle emptied from _journal.json
  failed: Failed query: create table "users" (id integer);: relation "users" already exists
