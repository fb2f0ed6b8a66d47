  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0001_tags 1750000200000
  $ cat problems
  0001_tags.sql: warning: begins with the number of 0001_posts: Drizzle runs both, and they share one snapshot; rename one before it runs anywhere [duplicate-prefix]
  $ drizzle empty
  ran 0000_users, 0001_posts, 0001_tags
