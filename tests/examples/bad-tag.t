A tag with .sql in it:

  $ sql 0000_users
  $ entry 0000_users.sql 1750000000000
  $ cat problems
  0000_users.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0000_users` into .migfs if it is not a migration [unjournaled]
  meta/_journal.json:5: error: the tag "0000_users.sql" ends in .sql, so Drizzle looks for 0000_users.sql.sql and aborts; write it without .sql [bad-tag]
  $ cat changes
  0000_users.sql: dropped: its file is not there
  0000_users: added with idx 0, when 1750000028977
  _journal.json: the newest timestamp made here is 1750000028977 (2025-06-15T15:07:08.977Z)
  $ drizzle empty
  failed: No file migrations/0000_users.sql.sql found in migrations folder

One with a slash, and one that leads out of the folder. Drizzle follows both:

  $ afresh
  $ migration 0000_users 1750000000000
  $ file more/0001_posts.sql 'create table posts (id integer);'
  $ entry more/0001_posts 1750000100000
  $ echo 'create table tags (id integer);' >0002_tags.sql
  $ entry ../0002_tags 1750000200000
  $ cat problems
  meta/_journal.json:19: error: the tag "../0002_tags" leads to another folder: Drizzle follows it, and _journal.json is refused, since migfs does not; move the file into the folder, and put its name into the entry [bad-tag]
  meta/_journal.json:12: error: the tag "more/0001_posts" leads to another folder: Drizzle follows it, and _journal.json is refused, since migfs does not; move the file into the folder, and put its name into the entry [bad-tag]
  more: note: contains .sql files, but Drizzle reads only those directly in the migrations folder; move up those that are meant to run [nested-sql]
  $ cat changes
  _journal.json: refused: ../0002_tags is listed, and Drizzle may find a file for it where migfs does not read (see problems), so a journal without it could lose it; put a regular file in its place, or write `exclude ../0002_tags` into .migfs
  $ ls status
  ..%2F0002_tags
  0000_users
  more%2F0001_posts
  $ drizzle empty
  ran 0000_users, more/0001_posts, what is gone
  $ cat _journal.json
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
No tag, an empty one, and a number:

  $ afresh
  $ migration 0000_users 1750000000000
  $ raw_entry '{"idx": 1, "when": 1750000100000}'
  $ raw_entry '{"idx": 2, "when": 1750000200000, "tag": ""}'
  $ raw_entry '{"idx": 3, "when": 1750000300000, "tag": 3}'
  $ cat problems
  meta/_journal.json:12: error: entry 1 has no tag that is a string, so Drizzle finds no file for it and aborts; correct it, or let the consistent journal leave it out: run `migfs fix` [bad-tag]
  meta/_journal.json:14: error: entry 3 has no tag that is a string, so Drizzle finds no file for it and aborts; correct it, or let the consistent journal leave it out: run `migfs fix` [bad-tag]
  meta/_journal.json:13: error: the tag "" cannot be the name of a file, so Drizzle aborts; correct it, or let the consistent journal leave it out: run `migfs fix` [bad-tag]
  $ cat changes
  entry 1: dropped: it names no file
  entry 2: dropped: its tag is empty
  entry 3: dropped: it names no file
  $ drizzle empty
  failed: No file migrations/undefined.sql found in migrations folder
