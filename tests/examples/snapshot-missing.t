A migration that was written by hand.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ rm migrations/meta/0001_snapshot.json
  $ cat problems
  0001_posts.sql: warning: 0001_posts comes after the newest snapshot in meta/: Drizzle's runner needs none, but the next `drizzle-kit generate` writes its statements again; delete from what it writes whatever is already there [snapshot-missing]
  $ cat status/0001_posts
  tag: 0001_posts
  state: journaled
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 1
  when: 1750000100000 2025-06-15T15:08:20.000Z
  snapshot: missing
  drizzle: runs it where the newest created_at is below 1750000100000
  consistent: runs where the newest created_at is below 1750000100000
  effects: creates table posts (1 column)
  $ drizzle empty
  ran 0000_users, 0001_posts
