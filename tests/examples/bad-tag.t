A tag with .sql in it:

  $ sql 0000_users
  $ entry 0000_users.sql 1750000000000
  $ cat problems
  0000_users.sql: error: not in meta/_journal.json, so Drizzle never runs it, and shares its number with 0000_users.sql, so it may be a leftover; decide: `include` or `exclude` it in .migfs, or delete it [held]
  meta/_journal.json:5: error: the tag "0000_users.sql" ends in .sql, so Drizzle looks for 0000_users.sql.sql; write it without [bad-tag]
  meta/_journal.json:5: error: lists 0000_users.sql, and there is no file 0000_users.sql.sql to be read, so every run aborts with "No file … found"; restore the file, or commit the _journal.json served here, which leaves it out [missing]
  $ cat changes
  0000_users.sql: dropped: its file is not there
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
  meta/_journal.json:19: error: the tag "../0002_tags" is not the name of a file right in the folder, and is not followed; give it the file's name without .sql. The journal served here leaves it out [bad-tag]
  meta/_journal.json:12: error: the tag "more/0001_posts" is not the name of a file right in the folder, and is not followed; give it the file's name without .sql. The journal served here leaves it out [bad-tag]
  more: note: holds .sql files, and Drizzle reads only those right in the migrations folder [nested-sql]
  $ cat changes
  more/0001_posts: dropped: its file is not there
  ../0002_tags: dropped: its file is not there
  $ ls status
  ..%2F0002_tags
  0000_users
  more%2F0001_posts
  $ drizzle empty
  ran 0000_users, what is gone, what is gone
  $ cat _journal.json
  {
    "version": "7",
    "dialect": "postgresql",
    "entries": [
      {
        "idx": 0,
        "version": "7",
        "when": 1750000000000,
        "tag": "0000_users",
        "breakpoints": true
      }
    ]
  }
No tag, an empty one, and a number:

  $ afresh
  $ migration 0000_users 1750000000000
  $ raw_entry '{"idx": 1, "when": 1750000100000}'
  $ raw_entry '{"idx": 2, "when": 1750000200000, "tag": ""}'
  $ raw_entry '{"idx": 3, "when": 1750000300000, "tag": 3}'
  $ cat problems
  meta/_journal.json:12: error: entry 1 has no tag that is a string, so Drizzle looks for a file that cannot be there and aborts; the journal served here leaves it out [bad-tag]
  meta/_journal.json:14: error: entry 3 has no tag that is a string, so Drizzle looks for a file that cannot be there and aborts; the journal served here leaves it out [bad-tag]
  meta/_journal.json:13: error: the tag "" is not the name of a file right in the folder, and is not followed; give it the file's name without .sql. The journal served here leaves it out [bad-tag]
  $ cat changes
  entry 1: dropped: it names no file
  : dropped: its file is not there
  entry 3: dropped: it names no file
  $ drizzle empty
  failed: No file migrations/undefined.sql found in migrations folder
