SQL files without any journal. Drizzle aborts; the view serves a journal of all of them.

  $ sql 0000_users
  $ sql 0001_posts
  $ drizzle empty
  failed: Can't find meta/_journal.json file
  $ cat problems
  meta/_journal.json: error: there is none, so Drizzle aborts with "Can't find meta/_journal.json file"; attach the databases that have run any of these files, and run `migfs fix` with them, naming this folder, which migfs does not find by itself without a journal [journal-missing]
  $ cat changes
  meta/_journal.json: new: there is none on disk
  0000_users: added with idx 0, when 28977
  0001_posts: added with idx 1, when 41919
  _journal.json: the newest timestamp made here is 41919 (1970-01-01T00:00:41.919Z)
  $ cat _journal.json
  {
    "version": "7",
    "dialect": "postgresql",
    "entries": [
      {
        "idx": 0,
        "version": "7",
        "when": 28977,
        "tag": "0000_users",
        "breakpoints": true
      },
      {
        "idx": 1,
        "version": "7",
        "when": 41919,
        "tag": "0001_posts",
        "breakpoints": true
      }
    ]
  }
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_posts
