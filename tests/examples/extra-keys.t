Entries keep what migfs does not know, and their own way of writing it.

  $ sql 0000_users
  $ sql 0001_posts
  $ journal '{"version": "7", "by": "hand", "entries": [\n\t{"idx": 0, "when": 1.75e12, "tag": "0000_users", "author": "jo", "breakpoints": true, "big": 12345678901234567890}\n]}\n'
  $ cat problems
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0001_posts` into .migfs if it is not a migration [unjournaled]
  $ cat changes
  0001_posts: added with idx 1, when 1750000013919
  _journal.json: the newest timestamp made here is 1750000013919 (2025-06-15T15:06:53.919Z)
  $ cat _journal.json
  {"version": "7", "by": "hand", "entries": [
  	{"idx": 0, "when": 1.75e12, "tag": "0000_users", "author": "jo", "breakpoints": true, "big": 12345678901234567890},
  	{"idx": 1,"version": "7","when": 1750000013919,"tag": "0001_posts","breakpoints": true}
  ]}
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_posts
