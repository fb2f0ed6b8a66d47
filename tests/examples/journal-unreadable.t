What JSON.parse does not take, with the place. Without a database the journal is refused.

A comma before the closing bracket:

  $ sql 0000_users
  $ journal '{\n  "version": "7",\n  "entries": [\n    {"idx": 0, "when": 1750000000000, "tag": "0000_users"},\n  ]\n}'
  $ cat problems
  meta/_journal.json:5:3: error: a comma before the closing bracket, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ cat summary
  migrations: 1 unjournaled
  meta/_journal.json: cannot be read
  _journal.json here: refused: meta/_journal.json cannot be read, and no database is attached to rebuild it from; repair the file
  problems: 1 error (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ cat changes
  _journal.json: refused: meta/_journal.json cannot be read, and no database is attached to rebuild it from; repair the file
  $ cat _journal.json
  migfs: error: _journal.json is refused; see why: migfs print migrations problems
  [2]
  $ cat status/0000_users
  tag: 0000_users
  state: unjournaled
  file: 0000_users.sql
  size: 35
  sha256: 80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4
  statements: 1
  journal: no
  idx: -
  when: -
  snapshot: yes
  drizzle: aborts every run: meta/_journal.json cannot be read
  consistent: refused: see problems
  effects: creates table users (1 column)
  $ drizzle empty
  failed: SyntaxError of JSON.parse

The markers of a merge that was not finished:

  $ journal '{"entries": [\n<<<<<<< HEAD\n  {"idx": 1, "tag": "0001_a"}\n=======\n  {"idx": 1, "tag": "0001_b"}\n>>>>>>> main\n]}'
  $ cat problems
  meta/_journal.json:2:1: error: a merge conflict's marker, so Drizzle cannot read the file and aborts; finish the merge, or run `migfs fix`, which writes the entries of both sides, each once [journal-unreadable]
  meta/_journal.json:3: error: lists 0001_a, and 0001_a.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: run `migfs fix` [missing]
  meta/_journal.json:3: error: when of 0001_a is missing: Drizzle skips it, and fails on an empty database [when-invalid]
  meta/_journal.json:5: error: lists 0001_b, and 0001_b.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: run `migfs fix` [missing]
  meta/_journal.json:5: error: when of 0001_b is missing: Drizzle skips it, and fails on an empty database [when-invalid]
  meta/_journal.json:5: warning: 0001_b has the idx 1 of 0001_a: Drizzle ignores that, but the next `drizzle-kit generate` may reuse a number [duplicate-idx]
  $ drizzle empty
  failed: SyntaxError of JSON.parse

What remains where somebody took the markers out and kept both sides:

  $ journal '{"entries": [\n    {"idx": 0, "when": 1, "tag": "0000_users"}\n    {"idx": 1, "when": 2, "tag": "0001_b"}\n]}'
  $ cat problems
  meta/_journal.json:3:5: error: a comma is missing before this, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: SyntaxError of JSON.parse
  $ journal '{"entries": [\n    {"idx": 0,\n      "when": 1,\n      "when": 2\n      "tag": "0000_users"}\n]}'
  $ cat problems
  meta/_journal.json:5:7: error: a comma is missing before this, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: SyntaxError of JSON.parse

A byte order mark, and UTF-16:

  $ journal '\xef\xbb\xbf{"entries": []}'
  $ cat problems
  meta/_journal.json:1:1: error: it begins with a byte order mark, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: SyntaxError of JSON.parse
  $ journal '\xff\xfe{\0}\0'
  $ cat problems
  meta/_journal.json:1:1: error: it is UTF-16, not UTF-8, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]

Nothing at all, half of it, single quotes, a comment:

  $ journal ''
  $ cat problems
  meta/_journal.json:1:1: error: it is empty, so Drizzle cannot read it and aborts; restore it from version control [journal-unreadable]
  $ drizzle empty
  failed: SyntaxError of JSON.parse
  $ journal '{"entries": [{"idx": 0, "when": 1750'
  $ cat problems
  meta/_journal.json:1:37: error: it ends too early, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: SyntaxError of JSON.parse
  $ journal "{'entries': []}"
  $ cat problems
  meta/_journal.json:1:2: error: a key that is not in double quotes, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ journal '{"entries": [] /* all gone */}'
  $ cat problems
  meta/_journal.json:1:16: error: neither a comma nor a closing bracket, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ cat changes
  _journal.json: refused: meta/_journal.json cannot be read, and no database is attached to rebuild it from; repair the file

Where each side by itself is a journal, `migfs fix` writes the entries of both:

  $ sql 0001_a
  $ sql 0001_b
  $ journal '{"entries": [\n{"idx": 0, "when": 1750000000000, "tag": "0000_users"},\n<<<<<<< HEAD\n{"idx": 1, "when": 1750000100000, "tag": "0001_a"}\n=======\n{"idx": 1, "when": 1750000200000, "tag": "0001_b"}\n>>>>>>> main\n]}'
  $ cat changes
  meta/_journal.json: both sides of an unfinished merge, whose markers it holds
  0001_b: idx 2 (was 1)
  $ cat _journal.json
  {"entries": [
  {"idx": 0, "when": 1750000000000, "tag": "0000_users"},
  {"idx": 1, "when": 1750000100000, "tag": "0001_a"},
  {"idx": 2, "when": 1750000200000, "tag": "0001_b"}
  ]}
  $ drizzle empty from _journal.json
  ran 0000_users, 0001_a, 0001_b
  $ rm migrations/0001_*

No entries, entries that are not a list, not an object:

  $ journal '{"version": "7"}'
  $ cat problems
  meta/_journal.json: error: it has no "entries", so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: journal.entries is not iterable
  $ journal '{"entries": {}}'
  $ cat problems
  meta/_journal.json: error: its "entries" are not a list, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: journal.entries is not iterable
  $ journal '[]'
  $ cat problems
  meta/_journal.json: error: it is not an object with a list of entries, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: journal.entries is not iterable

A folder in its place:

  $ rm migrations/meta/_journal.json && mkdir migrations/meta/_journal.json
  $ cat problems
  meta/_journal.json: error: it is not a file, so Drizzle cannot read it and aborts; correct the file [journal-unreadable]
  $ drizzle empty
  failed: EISDIR: illegal operation on a directory, read
