Drizzle never looks at idx; drizzle-kit counts on from the last one.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ entry 0001_posts 1750000100000 '"1"'
  $ sql 0002_tags
  $ entry 0002_tags 1750000200000 2.5
  $ sql 0003_likes
  $ raw_entry '{"when": 1750000300000, "tag": "0003_likes"}'
  $ cat problems
  meta/_journal.json:12: warning: idx of 0001_posts is "1": Drizzle ignores it, but the next `drizzle-kit generate` counts on from it; the consistent journal gives it a number: run `migfs fix` [bad-idx]
  meta/_journal.json:19: warning: idx of 0002_tags is 2.5: Drizzle ignores it, but the next `drizzle-kit generate` counts on from it; the consistent journal gives it a number: run `migfs fix` [bad-idx]
  meta/_journal.json:26: warning: idx of 0003_likes is missing: Drizzle ignores it, but the next `drizzle-kit generate` counts on from it; the consistent journal gives it a number: run `migfs fix` [bad-idx]
  $ cat changes
  0001_posts: idx 1 (was "1")
  0002_tags: idx 2 (was 2.5)
  0003_likes: idx 3 (was -)
  $ drizzle empty
  ran 0000_users, 0001_posts, 0002_tags, 0003_likes
