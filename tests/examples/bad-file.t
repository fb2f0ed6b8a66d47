Names that are not files, or lead elsewhere. They are neither read nor shown.

  $ migration 0000_users 1750000000000
  $ entry 0001_posts 1750000100000
  $ echo 'create table posts (id integer);' >posts.sql
  $ ln -s ../posts.sql migrations/0001_posts.sql
  $ cat problems
  0001_posts.sql: error: is a symbolic link that leads out of the folder, so it is not read and not shown, and _journal.json is refused, since Drizzle may read it: put a regular file in its place, or write `exclude 0001_posts` into .migfs if it is not a migration [bad-file]
  $ ls migrations
  0000_users.sql
  meta/
  $ cat changes
  _journal.json: refused: 0001_posts is listed, and Drizzle may find a file for it where migfs does not read (see problems), so a journal without it could lose it; put a regular file in its place, or write `exclude 0001_posts` into .migfs
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
  drizzle: aborts every run, unless it can read 0001_posts.sql
  consistent: refused: see problems
  effects: creates table users (1 column)
  $ cat status/0001_posts
  tag: 0001_posts
  state: missing
  file: -
  size: -
  sha256: -
  statements: -
  journal: yes
  idx: 1
  when: 1750000100000 2025-06-15T15:08:20.000Z
  snapshot: missing
  drizzle: aborts every run, unless it can read 0001_posts.sql
  consistent: refused: see problems
  effects: unknown (the parser cannot get through it)
  $ drizzle empty
  ran 0000_users, what is gone

A link within the folder is a file like any other; one that leads nowhere, a FIFO and a folder are none:

  $ afresh
  $ migration 0000_users 1750000000000
  $ ln -s 0000_users.sql migrations/0001_posts.sql
  $ entry 0002_tags 1750000200000
  $ ln -s nowhere migrations/0002_tags.sql
  $ mkfifo migrations/0003_likes.sql
  $ entry 0004_views 1750000400000
  $ mkdir migrations/0004_views.sql
  $ cat problems
  0003_likes.sql: error: is a FIFO, so it is not read and not shown [bad-file]
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the same bytes as 0000_users: delete it, or write `exclude 0001_posts` or `include 0001_posts` into .migfs [held]
  0002_tags.sql: error: is a dangling symbolic link, so it is not read and not shown, and _journal.json is refused, since Drizzle may read it: put a regular file in its place, or write `exclude 0002_tags` into .migfs if it is not a migration [bad-file]
  meta/_journal.json:19: error: lists 0004_views, and 0004_views.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: first fix what _journal.json is refused for [missing]
  $ ls migrations
  0000_users.sql
  0001_posts.sql
  0004_views.sql/
  meta/
  $ cat changes
  _journal.json: refused: 0002_tags is listed, and Drizzle may find a file for it where migfs does not read (see problems), so a journal without it could lose it; put a regular file in its place, or write `exclude 0002_tags` into .migfs
  $ drizzle empty
  failed: No file migrations/0002_tags.sql found in migrations folder
