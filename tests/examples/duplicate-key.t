A merge fused two entries into one.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ sql 0002_tags
  $ raw_entry '{"idx": 1, "when": 1750000100000, "tag": "0001_posts", "tag": "0002_tags"}'
  $ cat problems
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0001_posts` into .migfs if it is not a migration; it is not certain what has to run before 0001_posts, so try the journal on an empty database first [unjournaled]
  meta/_journal.json:12: error: entry 1 has "tag" twice, and Drizzle takes the last: a merge may have fused two entries into one; see which one is lost, and correct the entry [duplicate-key]
  $ cat changes
  0001_posts: added with idx 2, when 1750000113919
  _journal.json: the newest timestamp made here is 1750000113919 (2025-06-15T15:08:33.919Z)
  $ drizzle empty
  ran 0000_users, 0002_tags
  $ drizzle empty from _journal.json
  ran 0001_posts

And two journals into one:

  $ journal '{"entries": [{"idx": 0, "when": 1, "tag": "0000_users"}],\n"entries": []}'
  $ cat problems
  meta/_journal.json: error: it has "entries" twice, and Drizzle takes the last: a merge may have fused two journals; see what is lost, and write it once [duplicate-key]
  0000_users.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0000_users` into .migfs if it is not a migration [unjournaled]
  0001_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0001_posts` into .migfs if it is not a migration [unjournaled]
  0002_tags.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0002_tags` into .migfs if it is not a migration [unjournaled]
