Names that are no files, or lead elsewhere. They are neither read nor shown.

  $ migration 0000_users 1750000000000
  $ entry 0001_posts 1750000100000
  $ mkfifo migrations/0001_posts.sql
  $ entry 0002_tags 1750000200000
  $ echo 'create table tags (id integer);' >tags.sql
  $ ln -s ../tags.sql migrations/0002_tags.sql
  $ ln -s 0000_users.sql migrations/0003_likes.sql
  $ ln -s nowhere migrations/0004_views.sql
  $ mkdir migrations/0005_pages.sql
  $ cat problems
  0004_views.sql: error: is a dangling symbolic link, so it is not read and not shown [bad-file]
  0001_posts.sql: error: is a FIFO, so it is not read and not shown; the journal lists it, Drizzle tries to read it, and the consistent journal leaves it out: put a file in its place [bad-file]
  0002_tags.sql: error: is a symbolic link that leads out of the folder, so it is not read and not shown; the journal lists it, Drizzle tries to read it, and the consistent journal leaves it out: put a file in its place [bad-file]
  0003_likes.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the same bytes as 0000_users: `include` or `exclude` it in .migfs, or delete it [held]
  $ ls migrations
  0000_users.sql
  0003_likes.sql
  0005_pages.sql/
  meta/
  $ cat changes
  0001_posts: dropped: its file is not there
  0002_tags: dropped: its file is not there
