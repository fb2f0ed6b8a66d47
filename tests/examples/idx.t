How new entries are numbered: by the number in their name, so that the next file drizzle-kit generates takes a free one; or by their place.

  $ migration 0000_users 1750000000000
  $ sql 0005_posts
  $ cat changes
  0005_posts: added with idx 5, when 1750000025232
  _journal.json: the newest timestamp made here is 1750000025232 (2025-06-15T15:07:05.232Z)
  $ databases+=(--idx=position)
  $ cat changes
  0005_posts: added with idx 1, when 1750000025232
  _journal.json: the newest timestamp made here is 1750000025232 (2025-06-15T15:07:05.232Z)
