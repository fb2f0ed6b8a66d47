  $ migration 0000_users 1750000000000
  $ file meta/notes.txt 'what the next migration should do\n'
  $ file meta/_notes.txt 'drizzle-kit passes over this\n'
  $ cat problems
  meta/notes.txt: warning: drizzle-kit takes it for a snapshot, like everything in meta/ whose name does not begin with `_`, and stops; move it elsewhere [meta-file]
