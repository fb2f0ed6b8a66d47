Unlisted files that are as likely leftovers as migrations: they stay out of the journal until somebody decides.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ command cp migrations/0001_posts.sql migrations/0002_posts.sql
  $ file 0001_old_posts.sql 'create table old_posts (id integer);\n'
  $ file '0001_posts 2.sql' 'create table posts (id integer, title text);\n'
  $ file '0003_caf\xe9.sql' 'create table cafe (id integer);\n'
  $ mv migrations/0003_caf* "migrations/$(printf '0003_caf\xe9.sql')"
  $ cat problems
  0001_old_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the number of 0001_posts: delete it, or write `exclude 0001_old_posts` or `include 0001_old_posts` into .migfs [held]
  0001_posts 2.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It is named like a copy of 0001_posts: delete it, or write `exclude 0001_posts[[:blank:]]2` or `include 0001_posts[[:blank:]]2` into .migfs [held]
  0002_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the same bytes as 0001_posts: delete it, or write `exclude 0002_posts` or `include 0002_posts` into .migfs [held]
  0003_caf\xe9.sql: error: its name is not UTF-8, so no journal can list it, and Drizzle never runs it; rename it [held]
  $ cat summary
  migrations: 4 held, 2 journaled
  meta/_journal.json: 2 entries
  _journal.json here: the same, byte for byte
  problems: 4 errors (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ ls state/held | head -n 3
  0001_old_posts
  0001_posts 2
  0002_posts
  $ cat status/0001_old_posts
  tag: 0001_old_posts
  state: held
  file: 0001_old_posts.sql
  size: 37
  sha256: 75a8996af2bcf26f144e2f991b4b0f54ba7a28a94bf9260e5ed445ca4f7ad8ef
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: left out until you decide: it shares its number with 0001_posts
  effects: creates table old_posts (1 column)
  $ cat changes
  $ drizzle empty
  ran 0000_users, 0001_posts|0002_posts
  $ drizzle empty from _journal.json
  ran nothing

Decided:

  $ file .migfs 'include 0001_old_posts\nexclude 000?_posts?2\nexclude 0002_posts\nexclude 0003_caf*\n'
  $ cat problems
  0001_old_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; run `migfs fix`; or write `exclude 0001_old_posts` into .migfs if it is not a migration [unjournaled]
  0001_posts.sql: note: has the same number as 0001_old_posts: Drizzle runs both, but drizzle-kit keeps one snapshot per number; while it has run nowhere, rename it to 0004_posts.sql, and the tag of its entry to 0004_posts [duplicate-prefix]
  $ cat summary
  migrations: 1 unjournaled, 2 journaled, 3 excluded
  meta/_journal.json: 2 entries
  _journal.json here: 3 entries, 1 change (see changes)
  problems: 1 error, 1 note (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ cat changes
  0001_old_posts: added with idx 2, when 1750000118272
  _journal.json: the newest timestamp made here is 1750000118272 (2025-06-15T15:08:38.272Z)

A file with the number of an entry whose file is gone. The journal served lists neither; once that is committed, nothing holds the file:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ mv migrations/0001_posts.sql migrations/0001_articles.sql
  $ cat problems
  0001_articles.sql: error: not in meta/_journal.json, so Drizzle never runs it; 0001_posts, whose file is not there, under another name? Before you commit a journal that lists neither, write `include 0001_articles` into .migfs, with `applied 0001_articles DATABASE` for each in which it has run, or `exclude 0001_articles` [held]
  meta/_journal.json:12: error: lists 0001_posts, and 0001_posts.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: first fix what _journal.json is refused for [missing]
  $ cat changes
  _journal.json: refused: 0001_articles is held by the number of 0001_posts, whose file is not there, and would become due once that entry is gone; write `include 0001_articles` or `exclude 0001_articles` into .migfs
  $ cat _journal.json >committed
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
  $ mv committed migrations/meta/_journal.json
  $ cat problems
  meta/_journal.json:1:1: error: it is empty, so Drizzle cannot read it and aborts; restore it from version control [journal-unreadable]
  $ cat changes
  _journal.json: refused: meta/_journal.json is empty, as a redirection onto it leaves it; restore it, in this folder: git checkout -- meta/_journal.json
