A migration was edited after it had run in staging, where nothing but its stamp tells that now. Production lacks it, and there that stamp is
too low.

  $ edited() {
  >   afresh
  >   migration 0000_users 1750000000000
  >   migration 0001_posts 1750000100000
  >   migration 0002_tags 1750000200000
  >   database staging
  >   database production
  >   ran staging 0000_users 0001_posts 0002_tags
  >   ran production 0000_users
  >   row production of_another_branch 1750000150000
  >   sql 0001_posts 'create table posts (id integer, title text);\n'
  > }
  $ edited
  $ cat problems
  0001_posts.sql: error: only its timestamp shows that it ran in database staging, and the consistent journal must change that: once that is committed, a later journal runs it there again; before that, write `applied 0001_posts staging` into .migfs [commit-forgets]
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 1750000150000; if it was run there by hand, write `applied 0001_posts production` into .migfs; else do what commit-forgets asks for, then run `migfs fix` with the same databases [skipped]
  database production: warning: 1 of its 2 rows is newer than every matched row and matches no migration here (id 2), perhaps of another branch or of a file that is gone: Drizzle skips what is older than it and has not run; if the newest belongs to a migration that has no row, write `applied 0001_posts production`, `applied 0002_tags production` into .migfs before you deploy; if that is known, write `ignore unknown-row production` into .migfs [unknown-row]
  0001_posts.sql: warning: has changed since it ran in database staging, and Drizzle does not run it again there (of what it does now, staging has 2 of 3, missing: column posts.title): restore the old text and put the change into a migration of its own, or, if the edit is intended, write `edited 0001_posts@edab3258` into .migfs; if another migration ran there with its timestamp, give it another when [modified]
  $ cat changes
  0001_posts: when 1750000163919 (was 1750000100000); a database that is not attached and has run it would run it again
  _journal.json: the newest timestamp made here is 1750000163919 (2025-06-15T15:09:23.919Z)

With the rule, the journal that production needs can be committed:

  $ file .migfs 'applied 0001_posts staging\n'
  $ commit
  $ cat problems
  database production: warning: 1 of its 2 rows is newer than every matched row and matches no migration here (id 2), perhaps of another branch or of a file that is gone: Drizzle skips what is older than it and has not run; if the newest belongs to a migration that has no row, write `applied 0001_posts production`, `applied 0002_tags production` into .migfs before you deploy; if that is known, write `ignore unknown-row production` into .migfs [unknown-row]
  database staging: note: 1 of its 3 rows is unmatched (id 2) and older than the newest matched row: Drizzle looks only at the newest row, so there is nothing to do [unknown-row]
  $ cat changes
  $ drizzle staging from _journal.json
  ran nothing
  $ drizzle production from _journal.json
  ran 0001_posts, 0002_tags

Without, the row in staging is nobody's from then on:

  $ edited
  $ commit
  $ cat problems
  0001_posts.sql: error: has no row in database staging, but only part of what it does is there (2 of 3), missing: column posts.title; the next run from the consistent journal aborts at line 1 of it: table posts is there already; drop what is there, or make the rest by hand and record it as the next check says [half-there]
  0001_posts.sql: error: has no row in database staging, and Drizzle never runs it there: its when, 1750000163919, is not above the newest created_at, 1750000200000; if it was run there by hand, write `applied 0001_posts staging` into .migfs; else run `migfs fix` with the same databases [skipped]
  database production: warning: 1 of its 2 rows is newer than every matched row and matches no migration here (id 2), perhaps of another branch or of a file that is gone: Drizzle skips what is older than it and has not run; if the newest belongs to a migration that has no row, write `applied 0001_posts production`, `applied 0002_tags production` into .migfs before you deploy; if that is known, write `ignore unknown-row production` into .migfs [unknown-row]
  database staging: note: 1 of its 3 rows is unmatched (id 2) and older than the newest matched row: Drizzle looks only at the newest row, so there is nothing to do [unknown-row]
  $ cat status/0001_posts
  tag: 0001_posts
  state: skipped
  file: 0001_posts.sql
  size: 45
  sha256: edab3258ada4c3caebd1d254b1dce46bca91266a31f75a5cbb452697253569bb
  statements: 1
  journal: yes
  idx: 3 (was 1)
  when: 1750000213919 (was 1750000163919) 2025-06-15T15:10:13.919Z
  snapshot: yes
  drizzle: runs it in production; never runs it in staging: its when is not above the watermark
  consistent: runs in staging, production
  database staging: skipped
  database production: pending
  effects: creates table posts (2 columns)
  effects staging: 2 of 3 there, missing: column posts.title
  effects production: 0 of 3 there
  $ drizzle staging from _journal.json
  failed: Failed query: create table posts (id integer, title text);: relation "posts" already exists
