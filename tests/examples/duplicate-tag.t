  $ migration 0000_users 1750000000000
  $ entry 0000_users 1750000100000
  $ cat problems
  meta/_journal.json:12: error: 0000_users is listed a second time (first in line 5): where it has not run, Drizzle runs it twice; the consistent journal keeps the first: run `migfs fix` [duplicate-tag]
  $ cat changes
  0000_users: dropped in line 12: it is listed in line 5 already
  $ drizzle empty
  failed: Failed query: create table "users" (id integer);: relation "users" already exists

Where it has run, Drizzle runs it again if the second stamp is above the newest created_at:

  $ afresh
  $ migration 0000_users 1750000000000 'create table if not exists users (id integer);\n'
  $ migration 0001_posts 1750000100000
  $ entry 0000_users 1750000200000
  $ database production
  $ ran production 0001_posts
  $ row production $(hash 0000_users) 1750000000000
  $ cat problems
  meta/_journal.json:19: error: 0000_users is listed a second time (first in line 5): where it has not run, Drizzle runs it twice; the consistent journal keeps the first: run `migfs fix` with the same databases [duplicate-tag]
  0000_users.sql: error: has run in database production, and Drizzle runs it there again: its when, 1750000200000, is above the newest created_at, 1750000100000; run `migfs fix` with the same databases [rerun]
  $ cat status/0000_users
  tag: 0000_users
  state: rerun
  file: 0000_users.sql
  size: 47
  sha256: 418a173285ec810ee3363abc7a71729cb990280510980f3e0ac39f1b5e7f0ea9
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: runs it again in production: its when is above the watermark
  consistent: passes over it in production
  database production: rerun
  effects: creates table users (1 column)
  effects production: 2 of 2 there
  $ drizzle production
  ran 0000_users
  $ drizzle production from _journal.json
  ran nothing

Where it has not, the second stamp may be what makes it run:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ entry 0000_users 1750000200000
  $ database staging
  $ ran staging 0001_posts
  $ cat summary
  migrations: 1 pending, 1 applied
  meta/_journal.json: 3 entries
  _journal.json here: 2 entries, 2 changes (see changes)
    1 published timestamp is another one here: a database that is not attached and has run it would run it again
  problems: 1 error (see problems)
  
  database staging ("staging" at the socket in /run/postgresql): 1 row, newest created_at 1750000100000 (2025-06-15T15:08:20.000Z)
    1 pending, 1 applied
    next deploy, from meta/_journal.json:
      runs 1: 0000_users
    next deploy, from _journal.json here:
      runs 1: 0000_users
  $ drizzle staging
  ran 0000_users

Without a database, it is the higher stamp that counts:

  $ afresh
  $ migration 0000_users 1750000000000
  $ entry 0000_users 1750000200000
  $ cat status/0000_users
  tag: 0000_users
  state: journaled
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: runs it where the newest created_at is below 1750000200000
  consistent: runs where the newest created_at is below 1750000000000
  effects: creates table users (1 column)
