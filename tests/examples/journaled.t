Without a database.

  $ migration 0000_users 1750000000000
  $ cat summary
  migrations: 1 journaled
  meta/_journal.json: 1 entry
  _journal.json here: the same, byte for byte
  problems: none
  
  no database is attached (--database=URL), so what has run is not known
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
  drizzle: runs it where the newest created_at is below 1750000000000
  consistent: runs where the newest created_at is below 1750000000000
  effects: creates table users (1 column)
