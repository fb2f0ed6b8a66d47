Unlisted files that are as likely leftovers as migrations: they stay out of the journal until somebody decides.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ command cp migrations/0001_posts.sql migrations/0002_posts.sql
  $ file 0001_old_posts.sql 'create table old_posts (id integer);\n'
  $ file '0001_posts 2.sql' 'create table posts (id integer, title text);\n'
  $ file '0003_caf\xe9.sql' 'create table cafe (id integer);\n'
  $ mv migrations/0003_caf* "migrations/$(printf '0003_caf\xe9.sql')"
  $ cat problems
  0001_old_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the number of 0001_posts: `include` or `exclude` it in .migfs, or delete it [held]
  0001_posts 2.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It is named like a copy of 0001_posts: `include` or `exclude` it in .migfs, or delete it [held]
  0002_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the same bytes as 0001_posts: `include` or `exclude` it in .migfs, or delete it [held]
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
  0001_old_posts.sql: error: not in meta/_journal.json, so Drizzle never runs it; commit the _journal.json served here, or `exclude` the file in .migfs [unjournaled]
  meta/_journal.json: warning: it lists 2 of 3 migrations, so a database that Drizzle sets up from it lacks 1; commit the _journal.json served here [journal-incomplete]
  0001_posts.sql: warning: begins with the number of 0001_old_posts: Drizzle runs both, and they share one snapshot; rename one before it runs anywhere [duplicate-prefix]
  $ cat summary
  migrations: 1 unjournaled, 2 journaled, 3 excluded
  meta/_journal.json: 2 entries
  _journal.json here: 3 entries, 1 change (see changes)
  problems: 1 error, 2 warnings (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ cat changes
  0001_old_posts: added with idx 2, when 1750000118272
  _journal.json: the newest timestamp made here is 1750000118272 (2025-06-15T15:08:38.272Z)

A file with the number of an entry whose file is gone: without that entry nothing would hold it, so no journal is served before a rule decides:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ mv migrations/0001_posts.sql migrations/0001_articles.sql
  $ cat problems
  0001_articles.sql: error: not in meta/_journal.json, so Drizzle never runs it; 0001_posts, whose file is not there, under another name? Before you commit a journal that lists neither, `include` or `exclude` it in .migfs, and say `applied` where it has run [held]
  meta/_journal.json:12: error: lists 0001_posts, and 0001_posts.sql is not there, so every run of Drizzle aborts; restore the file; until then the consistent journal leaves it out [missing]
  $ cat changes
  _journal.json: refused: 0001_articles is held by the number of 0001_posts, whose file is not there, and would be due once that entry is gone; `include` or `exclude` it in .migfs
  $ file .migfs 'include 0001_articles\n'
  $ cat changes
  0001_posts: dropped: its file is not there
  0001_articles: added with idx 1, when 1750000130940
  _journal.json: the newest timestamp made here is 1750000130940 (2025-06-15T15:08:50.940Z)
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_articles

A row that has its hash says that it ran, under its old name:

  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ drizzle production
  ran 0000_users, 0001_posts
  $ mv migrations/0001_posts.sql migrations/0001_articles.sql
  $ cat problems
  meta/_journal.json:12: error: lists 0001_posts, and 0001_posts.sql is not there, so every run of Drizzle aborts; restore the file; until then the consistent journal leaves it out [missing]
  meta/_journal.json: warning: it lists 1 of 2 migrations, so a database that Drizzle sets up from it lacks 1; commit the _journal.json served here [journal-incomplete]
  $ cat changes
  0001_posts: dropped: its file is not there
  0001_articles: added with idx 1, when 1750000100000
  $ drizzle production from _journal.json
  ran nothing
