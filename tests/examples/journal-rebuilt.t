The journal was lost in a merge, and the ledger of a database knows what was in it.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ database production
  $ ran production 0000_users 0001_posts
  $ journal '{"entries": [<<<'
  $ cat problems
  meta/_journal.json:1:14: error: no value begins with this character, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  meta/_journal.json:1:14: warning: the _journal.json here is rebuilt from the ledgers and the files; compare it with your last good one, then run `migfs fix` with the same databases [journal-rebuilt]
  $ cat changes
  meta/_journal.json: rebuilt: the one on disk cannot be read
  0000_users: added with idx 0, when 1750000000000
  0001_posts: added with idx 1, when 1750000100000
  $ cat _journal.json
  migfs: meta/_journal.json could not be read: this one is rebuilt from the ledgers and the files
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
      }
    ]
  }
  $ drizzle production from _journal.json
  migfs: meta/_journal.json could not be read: this one is rebuilt from the ledgers and the files
  ran nothing
  $ drizzle empty from _journal.json
  migfs: meta/_journal.json could not be read: this one is rebuilt from the ledgers and the files
  ran 0000_users, 0001_posts

With a file that no row knows, nothing says whether it was listed:

  $ sql 0002_tags
  $ cat changes
  _journal.json: refused: meta/_journal.json cannot be read, and files and ledgers do not show for certain what was in it; repair the file

An empty file is what `migfs print migrations _journal.json > migrations/meta/_journal.json` leaves of it; that command and this state are both refused:

  $ rm migrations/0002_tags.sql
  $ "$migfs" print "${databases[@]}" migrations _journal.json >migrations/meta/_journal.json 2>errors || sed "s,$PWD/,,g" errors
  migfs: error: standard output is the journal itself, meta/_journal.json, which the shell has emptied; restore it: git -C migrations checkout -- meta/_journal.json; then: migfs fix migrations
  $ cat changes
  _journal.json: refused: meta/_journal.json is empty, as a redirection onto it leaves it; restore it, in this folder: git checkout -- meta/_journal.json
