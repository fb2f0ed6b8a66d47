A branch that was merged late. Without a database it is unknown which one it hits.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ migration 0002_tags 1750000100000
  $ cat problems
  meta/_journal.json:12: warning: when of 0001_posts, 1750000200000, is too high: 0002_tags after it is 1750000100000, and where this ran without it, Drizzle never runs it; while it has run nowhere, set its when below 1750000100000 [when-order]
  $ cat changes
  $ drizzle empty
  ran 0000_users, 0001_posts, 0002_tags

A database that had run 0001_posts before:

  $ uri_of[behind]=$(postgres_database behind)
  $ ran behind 0000_users 0001_posts
  $ drizzle behind
  ran nothing
