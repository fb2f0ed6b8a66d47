0001_tags was generated on a branch and merged late; the next `generate` did not know of it and wrote its statement once more.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ migration 0001_tags 1750000100000 'CREATE TABLE "tags" ("id" integer);\n'
  $ migration 0002_likes 1750000300000 'create table likes (id integer);\n--> statement-breakpoint\ncreate table "tags" ("id" integer);\n'
  $ database production
  $ ran production 0000_users 0001_posts
  $ cat problems
  0001_tags.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 1750000200000; if it was run there by hand, write `applied 0001_tags production` into .migfs; else run `migfs fix` with the same databases [skipped]
  0002_likes.sql:3: error: repeats `create table tags ( id integer )` of 0001_tags: where both run, the second fails, or undoes what came in between; empty 0002_likes.sql of this statement and leave a comment in its place [same-sql]
  0001_tags.sql: warning: has the same number as 0001_posts, which has run, and has itself run nowhere: Drizzle runs both, but drizzle-kit keeps one snapshot per number; rename it to 0003_tags.sql, and the tag of its entry to 0003_tags [duplicate-prefix]
  $ drizzle production from _journal.json
  failed: Failed query: : relation "tags" already exists

As the line says:

  $ file 0002_likes.sql 'create table likes (id integer);\n-- tags: see 0001_tags\n'
  $ cat problems
  0001_tags.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 1750000200000; if it was run there by hand, write `applied 0001_tags production` into .migfs; else run `migfs fix` with the same databases [skipped]
  0001_tags.sql: warning: has the same number as 0001_posts, which has run, and has itself run nowhere: Drizzle runs both, but drizzle-kit keeps one snapshot per number; rename it to 0003_tags.sql, and the tag of its entry to 0003_tags [duplicate-prefix]
  $ drizzle production from _journal.json
  ran 0001_tags, 0002_likes

The same text twice, of which one has run:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_again 1750000100000 'create table "users" (id integer);\n'
  $ database production
  $ ran production 0000_users
  $ cat problems
  0001_again.sql: error: holds the same text as 0000_users: where both run, the second fails, or undoes what came in between; empty 0001_again.sql of it and leave a comment in its place [same-sql]
