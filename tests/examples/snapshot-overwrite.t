The last entry's idx is behind the number of its file.

  $ sql 0000_users
  $ sql 0002_tags
  $ entry 0000_users 1750000000000 0
  $ entry 0002_tags 1750000100000 1
  $ cat problems
  meta/_journal.json:12: warning: idx of 0002_tags, the last entry, is 1, so the next `drizzle-kit generate` overwrites meta/0002_snapshot.json, which exists; set it to 2 [snapshot-overwrite]
