What is not a migration by its name, and by a rule.

  $ migration 0000_users 1750000000000
  $ file 0000_users.down.sql 'drop table users;\n'
  $ file seed.sql 'insert into users values (1);\n'
  $ sql 0001_scratch
  $ file .migfs '# tried out by hand\nexclude 0001_scratch\n'
  $ cat problems
  meta/_journal.json:5: warning: idx of 0000_users, the last entry, is 0, so the next `drizzle-kit generate` overwrites meta/0001_snapshot.json, which exists; set it to 1 [snapshot-overwrite]
  $ cat summary
  migrations: 1 journaled, 3 excluded
  meta/_journal.json: 1 entry
  _journal.json here: 1 entry, 1 change (see changes)
  problems: 1 warning (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ ls state/excluded
  0000_users.down
  0001_scratch
  seed
  $ cat status/0001_scratch
  tag: 0001_scratch
  state: excluded
  file: 0001_scratch.sql
  size: 37
  sha256: 56a879febafe2fcb8f4ee516030a4aaeb71622d72ee74ce0d6e54d0b422e7a78
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: left out: line 2 of the rules file excludes it
  effects: creates table scratch (1 column)

A rule decides over a listed one, too: its entry is left out. Drizzle does not know of that:

  $ migration 0002_tags 1750000100000
  $ file .migfs 'exclude 0001_scratch\nexclude 0002_*\n'
  $ cat problems
  0002_tags.sql: error: listed in meta/_journal.json, so Drizzle runs it, although line 2 of .migfs excludes it; run `migfs fix` [excluded]
  meta/_journal.json:12: warning: idx of 0002_tags, the last entry, is 1, so the next `drizzle-kit generate` overwrites meta/0002_snapshot.json, which exists; set it to 2 [snapshot-overwrite]
  $ cat changes
  0002_tags: dropped: line 2 of the rules file excludes it
  0000_users: idx 2 (was 0)
  $ drizzle empty from _journal.json
  ran 0000_users
  $ drizzle elsewhere
  ran 0000_users, 0002_tags
  $ database staging
  $ ran staging 0002_tags
  $ cat problems
  0000_users.sql: error: has no row in database staging, and Drizzle never runs it there: its when, 1750000000000, is not above the newest created_at, 1750000100000; if it was run there by hand, write `applied 0000_users staging` into .migfs; else run `migfs fix` with the same databases [skipped]
  meta/_journal.json:12: warning: idx of 0002_tags, the last entry, is 1, so the next `drizzle-kit generate` overwrites meta/0002_snapshot.json, which exists; set it to 2 [snapshot-overwrite]
