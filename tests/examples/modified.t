A file was edited after it had run.

  $ migration 0000_users 1750000000000
  $ database production
  $ ran production 0000_users
  $ sql 0000_users 'create table users (id integer, name text);\n'
  $ cat problems
  0000_users.sql: warning: has changed since it ran in database production, and Drizzle does not run it again there (of what it does now, production has 2 of 3, missing: column users.name): restore the old text and put the change into a migration of its own, or, if the edit is intended, write `edited 0000_users@29c1429c` into .migfs; if another migration ran there with its timestamp, give it another when [modified]
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
  effects: creates table users (2 columns)
  effects production: 2 of 3 there, missing: column users.name
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	stamp
  $ drizzle production
  ran nothing

Two branches typed the same stamp, and the other one ran. Nothing tells that apart from the case above; another stamp does:

  $ afresh
  $ migration 0000_users 1750000000000
  $ database staging
  $ ran staging 0000_users
  $ row staging 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef 1750000100000
  $ sql 0001_posts
  $ raw_entry '{"idx": 1, "version": "7", "when": 1750000100000, "tag": "0001_posts", "breakpoints": true}'
  $ cat problems
  0001_posts.sql: error: has changed since it ran in database staging, and Drizzle does not run it again there (of what it does now, staging has 0 of 2, missing: table posts, column posts.id): restore the old text and put the change into a migration of its own, or, if the edit is intended, write `edited 0001_posts@4ae03f8b` into .migfs; if another migration ran there with its timestamp, give it another when [modified]
  $ drizzle staging from _journal.json
  ran nothing
  $ entries=("${entries[0]}")
  $ raw_entry '{"idx": 1, "version": "7", "when": 1750000100001, "tag": "0001_posts", "breakpoints": true}'
  $ cat state/pending
  0001_posts
  $ drizzle staging from _journal.json
  ran 0001_posts
