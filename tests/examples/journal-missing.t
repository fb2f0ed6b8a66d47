SQL files without any journal. Drizzle aborts; the view serves a journal of all of them.

  $ sql 0000_users
  $ sql 0001_posts
  $ drizzle empty
  failed: Can't find meta/_journal.json file
  $ cat problems
  meta/_journal.json: error: there is none, so Drizzle aborts with "Can't find meta/_journal.json file"; copy the _journal.json served here to meta/ [journal-missing]
  $ cat changes
  meta/_journal.json: new: there is none on disk
  0000_users: added with idx 0, when 1977
  0001_posts: added with idx 1, when 2919
  $ cat _journal.json
  {
    "version": "7",
    "dialect": "postgresql",
    "entries": [
      {
        "idx": 0,
        "version": "7",
        "when": 1977,
        "tag": "0000_users",
        "breakpoints": true
      },
      {
        "idx": 1,
        "version": "7",
        "when": 2919,
        "tag": "0001_posts",
        "breakpoints": true
      }
    ]
  }  $ cat status/0000_users
  tag: 0000_users
  state: unjournaled
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: no
  idx: 0 (was -)
  when: 1977 (was -) 1970-01-01T00:00:01.977Z
  snapshot: yes
  drizzle: aborts every run: there is no meta/_journal.json
  consistent: runs where the newest created_at is below 1977
  $ drizzle empty from the view
  ran 0000_users, 0001_posts
