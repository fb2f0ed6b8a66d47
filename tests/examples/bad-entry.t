Entries that are not objects.

  $ migration 0000_users 1750000000000
  $ raw_entry '"0001_posts"'
  $ cat problems
  meta/_journal.json:12: error: entry 1 is not an object, so Drizzle finds no file for it and aborts; correct it, or let the consistent journal leave it out: run `migfs fix` [bad-entry]
  $ cat changes
  entry 1: dropped: it names no file
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
  drizzle: aborts every run: an entry of meta/_journal.json has no tag
  consistent: runs where the newest created_at is below 1750000000000
  effects: creates table users (1 column)
  $ drizzle empty
  failed: No file migrations/undefined.sql found in migrations folder
  $ drizzle empty from _journal.json
  ran 0000_users
  $ afresh
  $ migration 0000_users 1750000000000
  $ raw_entry null
  $ cat problems
  meta/_journal.json:12: error: entry 1 is not an object, so Drizzle finds no file for it and aborts; correct it, or let the consistent journal leave it out: run `migfs fix` [bad-entry]
  $ drizzle empty
  failed: Cannot read properties of null (reading 'tag')

An entry without anything in it:

  $ afresh
  $ migration 0000_users 1750000000000
  $ raw_entry '{}'
  $ cat problems
  meta/_journal.json:12: error: entry 1 has no tag that is a string, so Drizzle finds no file for it and aborts; correct it, or let the consistent journal leave it out: run `migfs fix` [bad-tag]
  meta/_journal.json:12: error: when of entry 1 is missing: Drizzle skips it, and fails on an empty database [when-invalid]
  meta/_journal.json:12: warning: idx of entry 1 is missing: Drizzle ignores it, but the next `drizzle-kit generate` counts on from it [bad-idx]
