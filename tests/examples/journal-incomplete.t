0001_posts ran through another journal, and its entry was lost since: production has it, a new database would not.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ database production
  $ stamp_of[0001_posts]=1750000100000
  $ ran production 0000_users 0001_posts
  $ cat problems
  meta/_journal.json: warning: it lists 1 of 2 migrations, so a database that Drizzle sets up from it lacks 1; run `migfs fix` with the same databases [journal-incomplete]
  $ cat status/0001_posts
  tag: 0001_posts
  state: unjournaled
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: no
  idx: 1 (was -)
  when: 1750000100000 (was -) 2025-06-15T15:08:20.000Z
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: passes over it in production
  database production: applied
  effects: creates table posts (1 column)
  effects production: 2 of 2 there
  $ cat changes
  0001_posts: added with idx 1, when 1750000100000
  $ drizzle empty
  ran 0000_users
  $ drizzle production from _journal.json
  ran nothing
