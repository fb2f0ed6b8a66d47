Text that is not a number is above nothing, so it runs on an empty database only, and there its row cannot be written.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts '"soon"'
  $ database production
  $ ran production 0000_users
  $ cat problems
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, "soon", is not a timestamp; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  meta/_journal.json:12: error: when of 0001_posts is "soon", not a whole number: Drizzle skips it, or fails; the consistent journal gives it a timestamp: run `migfs fix` with the same databases [when-invalid]
  $ cat status/0001_posts
  tag: 0001_posts
  state: skipped
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 1
  when: 1750000013919 (was "soon") 2025-06-15T15:06:53.919Z
  snapshot: yes
  drizzle: never runs it in production: its when is not a timestamp
  consistent: runs in production
  database production: skipped
  effects: creates table posts (1 column)
  effects production: 0 of 2 there
  $ drizzle production
  ran nothing
  $ drizzle empty
  failed: Failed query: insert into "drizzle"."__drizzle_migrations" (: invalid input syntax for type bigint: "soon"
  $ drizzle production from _journal.json
  ran 0001_posts

A fraction:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000.5
  $ cat problems
  meta/_journal.json:12: error: when of 0001_posts is 1750000100000.5, not a whole number: Drizzle skips it, or fails; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  $ drizzle empty
  failed: Failed query: insert into "drizzle"."__drizzle_migrations" (: invalid input syntax for type bigint: "1750000100000.5"

None:

  $ afresh
  $ sql 0000_users
  $ raw_entry '{"idx": 0, "tag": "0000_users"}'
  $ cat problems
  meta/_journal.json:5: error: when of 0000_users is missing: Drizzle skips it, and fails on an empty database; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  $ cat changes
  0000_users: when 28977 (was -)
  _journal.json: the newest timestamp made here is 28977 (1970-01-01T00:00:28.977Z)
  $ cat status/0000_users
  tag: 0000_users
  state: journaled
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: yes
  idx: 0
  when: 28977 (was -) 1970-01-01T00:00:28.977Z
  snapshot: yes
  drizzle: skips it or fails: its when is not a timestamp
  consistent: runs where the newest created_at is below 28977
  effects: creates table users (1 column)
  $ drizzle empty
  failed: Failed query: insert into "drizzle"."__drizzle_migrations" (: syntax error at or near ")"

null, for which a row without created_at is written, and all runs again (here the second time fails: the table is there):

  $ afresh
  $ migration 0000_users null
  $ migration 0001_posts 1750000100000
  $ cat problems
  meta/_journal.json:5: error: when of 0000_users is null: Drizzle skips it, and on an empty database records a row that makes everything run again; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  $ drizzle empty
  ran 0000_users (recorded without created_at), 0001_posts
  $ drizzle empty
  failed: Failed query: create table "posts" (id integer);: relation "posts" already exists
  $ drizzle elsewhere from _journal.json
  ran 0000_users, 0001_posts

A fraction above the newest created_at breaks the deploy:

  $ afresh
  $ migration 0000_users 1750000000000
  $ database production
  $ ran production 0000_users
  $ migration 0001_posts 1750000100000.5
  $ cat problems
  meta/_journal.json:12: error: when of 0001_posts is 1750000100000.5, not a whole number: Drizzle skips it, or fails; the consistent journal gives it a timestamp: run `migfs fix` with the same databases [when-invalid]
  $ cat summary
  migrations: 1 pending, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: 2 entries, 1 change (see changes)
  problems: 1 error (see problems)
  
  database production ("production" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 pending, 1 applied
    next deploy, from meta/_journal.json:
      fails, and rolls back what it ran: the when of 0001_posts is not a timestamp
    next deploy, from _journal.json here:
      runs 1: 0001_posts
  $ cat status/0001_posts
  tag: 0001_posts
  state: pending
  file: 0001_posts.sql
  size: 35
  sha256: 4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3
  statements: 1
  journal: yes
  idx: 1
  when: 1750000013919 (was 1750000100000.5) 2025-06-15T15:06:53.919Z
  snapshot: yes
  drizzle: fails in production, where a when that is not a timestamp cannot be recorded, and rolls back what it ran
  consistent: runs in production
  database production: pending
  effects: creates table posts (1 column)
  effects production: 0 of 2 there
  $ drizzle production
  failed: Failed query: insert into "drizzle"."__drizzle_migrations" (: invalid input syntax for type bigint: "1750000100000.5"
  $ drizzle production from _journal.json
  ran 0001_posts

More than can be counted; true; a fraction in quotes:

  $ afresh
  $ migration 0000_users null
  $ migration 0001_posts true
  $ migration 0002_tags 9007199254740993
  $ migration 0003_likes '"1750000300000.5"'
  $ cat problems
  meta/_journal.json:5: error: when of 0000_users is null: Drizzle skips it, and on an empty database records a row that makes everything run again; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  meta/_journal.json:12: error: when of 0001_posts is true, not a whole number: Drizzle skips it, or fails; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  meta/_journal.json:19: error: when of 0002_tags is 9007199254740993, more than JavaScript represents exactly: Drizzle fails, or skips everything after it; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  meta/_journal.json:26: error: when of 0003_likes is "1750000300000.5", not a whole number: Drizzle skips it, or fails; the consistent journal gives it a timestamp: run `migfs fix` [when-invalid]
  $ cat changes
  0000_users: when 28977 (was null)
  0001_posts: when 41919 (was true)
  0002_tags: when 69362 (was 9007199254740993)
  0003_likes: when 87896 (was "1750000300000.5")
  _journal.json: the newest timestamp made here is 87896 (1970-01-01T00:01:27.896Z)

A number in quotes is fine, for Drizzle as for PostgreSQL:

  $ afresh
  $ migration 0000_users '"1750000000000"'
  $ cat problems
  $ cat changes
  $ cat status/0000_users
  tag: 0000_users
  state: journaled
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: yes
  idx: 0
  when: "1750000000000" 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: runs it where the newest created_at is below 1750000000000
  consistent: runs where the newest created_at is below 1750000000000
  effects: creates table users (1 column)
  $ drizzle empty
  ran 0000_users

A fraction in quotes compares as a number does, and fails as one; a number that is too large for JavaScript to count exactly runs:

  $ afresh
  $ migration 0000_users 1750000000000
  $ database testing
  $ ran testing 0000_users
  $ migration 0001_posts '"1750000100000.5"'
  $ cat state/pending
  0001_posts
  $ cat summary
  migrations: 1 pending, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: 2 entries, 1 change (see changes)
  problems: 1 error (see problems)
  
  database testing ("testing" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 pending, 1 applied
    next deploy, from meta/_journal.json:
      fails, and rolls back what it ran: the when of 0001_posts is not a timestamp
    next deploy, from _journal.json here:
      runs 1: 0001_posts
  $ drizzle testing
  failed: Failed query: insert into "drizzle"."__drizzle_migrations" (: invalid input syntax for type bigint: "1750000100000.5"
  $ afresh
  $ migration 0000_users 1750000000000
  $ database preview
  $ ran preview 0000_users
  $ migration 0001_posts 20251005090321000
  $ cat summary
  migrations: 1 pending, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: 2 entries, 1 change (see changes)
  problems: 1 error (see problems)
  
  database preview ("preview" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 pending, 1 applied
    next deploy, from meta/_journal.json:
      runs 1: 0001_posts
    next deploy, from _journal.json here:
      runs 1: 0001_posts
  $ drizzle preview
  ran 0001_posts

Of a list of one, JavaScript and the query that records it take the number in it:

  $ afresh
  $ migration 0000_users 1750000000000
  $ database listed
  $ ran listed 0000_users
  $ migration 0001_posts '[1750000100000]'
  $ cat problems
  meta/_journal.json:12: error: when of 0001_posts is [1750000100000], a list: Drizzle takes the number out of a list of one; otherwise it skips the entry, or fails; the consistent journal gives it a timestamp: run `migfs fix` with the same databases [when-invalid]
  $ cat summary
  migrations: 1 pending, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: 2 entries, 1 change (see changes)
  problems: 1 error (see problems)
  
  database listed ("listed" at the socket in /run/postgresql): 1 row, newest created_at 1750000000000 (2025-06-15T15:06:40.000Z)
    1 pending, 1 applied
    next deploy, from meta/_journal.json:
      runs 1: 0001_posts
    next deploy, from _journal.json here:
      runs 1: 0001_posts
  $ drizzle listed
  ran 0001_posts
  $ cat problems
  meta/_journal.json:12: error: when of 0001_posts is [1750000100000], a list: Drizzle takes the number out of a list of one; otherwise it skips the entry, or fails; the consistent journal gives it a timestamp: run `migfs fix` with the same databases [when-invalid]
