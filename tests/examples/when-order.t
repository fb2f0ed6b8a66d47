A branch that was merged late. Without a database nobody knows whom it hits.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ migration 0002_tags 1750000100000
  $ cat problems
  meta/_journal.json:19: warning: when of 0002_tags, 1750000100000, is not above 1750000200000 of 0001_posts before it: where that has run without it, Drizzle never runs it; generate it again, unless it has run [when-order]
  $ cat changes
  $ drizzle empty
  ran 0000_users, 0001_posts, 0002_tags

A database that had run 0001_posts before:

  $ uri_of[behind]=$(postgres_database behind)
  $ ran behind 0000_users 0001_posts
  $ drizzle behind
  ran nothing
