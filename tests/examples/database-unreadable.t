production answers, staging does not.

  $ migration 0000_users 1750000000000
  $ database production
  $ ran production 0000_users
  $ databases+=("--database=staging=host=/nowhere dbname=shop user=app password=secret")
  $ cat problems
  database staging: error: cannot be read, so _journal.json is refused: cannot connect to "shop" at the socket in /nowhere: No such file or directory; Is the server running locally and accepting connections on that socket? [database-unreadable]
  $ cat summary
  migrations: 1 unknown
  meta/_journal.json: 1 entry
  _journal.json here: refused: database staging cannot be read, so it is unknown what it lacks
  problems: 1 error (see problems)
  databases: 1 level, 1 cannot be read (staging)
  
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 applied
    next deploy, from meta/_journal.json:
      runs nothing
    next deploy, from databases/production/_journal.json:
      runs nothing
  
  database staging ("shop" at the socket in /nowhere): cannot be read: cannot connect to "shop" at the socket in /nowhere: No such file or directory; Is the server running locally and accepting connections on that socket?
  $ cat status/0000_users
  tag: 0000_users
  state: unknown
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: passes over it in production; unknown in staging
  consistent: refused: see problems
  database production: applied
  database staging: unknown
  effects: creates table users (1 column)
  effects production: 2 of 2 there
  effects staging: unknown
  $ cat changes
  _journal.json: refused: database staging cannot be read, so it is unknown what it lacks
  $ cat _journal.json
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
  $ cat databases/production/_journal.json | head -n 3
  {
    "version": "7",
    "dialect": "postgresql",
  $ check
  database staging: error: cannot be read, so _journal.json is refused: cannot connect to "shop" at the socket in /nowhere: No such file or directory; Is the server running locally and accepting connections on that socket? [database-unreadable]
  [2]
