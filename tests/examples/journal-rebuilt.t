The journal was lost in a merge, and the ledger of a database knows what was in it.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ sql 0002_tags
  $ database production
  $ ran production 0000_users 0001_posts
  $ journal '{"entries": [<<<'
  $ cat problems
  meta/_journal.json:1:14: error: no value begins with this character, so Drizzle cannot read it and aborts; mend the file [journal-unreadable]
  meta/_journal.json:1:14: warning: the _journal.json served here is made anew from the ledgers and the files; compare it with your last good one before you commit it [journal-rebuilt]
  $ cat changes
  meta/_journal.json: rebuilt: the one on disk cannot be read
  0000_users: added with idx 0, when 1750000000000
  0001_posts: added with idx 1, when 1750000100000
  0002_tags: added with idx 2, when 1750000101362
  $ cat _journal.json
  {
    "version": "7",
    "dialect": "postgresql",
    "entries": [
      {
        "idx": 0,
        "version": "7",
        "when": 1750000000000,
        "tag": "0000_users",
        "breakpoints": true
      },
      {
        "idx": 1,
        "version": "7",
        "when": 1750000100000,
        "tag": "0001_posts",
        "breakpoints": true
      },
      {
        "idx": 2,
        "version": "7",
        "when": 1750000101362,
        "tag": "0002_tags",
        "breakpoints": true
      }
    ]
  }
  $ drizzle production from _journal.json
  ran 0002_tags
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_posts, 0002_tags
