  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0001_tags 1750000200000
  $ cat problems
  0001_tags.sql: note: has the same number as 0001_posts: Drizzle runs both, but drizzle-kit keeps one snapshot per number; while it has run nowhere, rename it to 0002_tags.sql, and the tag of its entry to 0002_tags [duplicate-prefix]
  $ drizzle empty
  ran 0000_users, 0001_posts, 0001_tags

Where one of them has run, the other is to give way:

  $ database production
  $ ran production 0000_users 0001_tags
  $ cat problems
  0001_posts.sql: error: has no row in database production, and Drizzle never runs it there: its when, 1750000100000, is not above the newest created_at, 1750000200000; if it was run there by hand, write `applied 0001_posts production` into .migfs; else run `migfs fix` with the same databases [skipped]
  0001_posts.sql: warning: has the same number as 0001_tags, which has run, and has itself run nowhere: Drizzle runs both, but drizzle-kit keeps one snapshot per number; rename it to 0002_posts.sql, and the tag of its entry to 0002_posts [duplicate-prefix]
