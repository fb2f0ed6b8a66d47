Two branches were merged.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ entry 0001_posts 1750000100000
  $ sql 0002_tags
  $ entry 0002_tags 1750000200000 1
  $ cat problems
  meta/_journal.json:19: warning: 0002_tags has the idx 1 of 0001_posts: Drizzle ignores that, but the next `drizzle-kit generate` may reuse a number; the consistent journal gives it its own: run `migfs fix` [duplicate-idx]
  $ cat changes
  0002_tags: idx 2 (was 1)
  $ drizzle empty
  ran 0000_users, 0001_posts, 0002_tags
