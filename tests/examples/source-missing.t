A branch without the folder was checked out while the view was mounted. Then the folder comes back.

  $ migration 0000_users 1750000000000
  $ mount_up mnt "$migfs" migrations mnt
  $ mv migrations elsewhere && sync mnt/problems
  $ command cat mnt/problems mnt/summary
  .: error: the migrations folder is not there, so Drizzle aborts; the view fills again when it is back [source-missing]
  migrations: none
  meta/_journal.json: there is none
  _journal.json here: refused: the migrations folder is not there
  problems: 1 error (see problems)
  
  no database is attached (--database=URL), so what has run is not known
  $ command cat mnt/_journal.json
  cat: mnt/_journal.json: Input/output error
  [1]
  $ mv elsewhere migrations && sync mnt/problems
  $ command cat mnt/problems mnt/summary
  migrations: 1 journaled
  meta/_journal.json: 1 entry
  _journal.json here: the same, byte for byte
  problems: none
  
  no database is attached (--database=URL), so what has run is not known
  $ mount_down mnt

A check of a folder that is not there:

  $ mv migrations elsewhere
  $ check 2>&1 | sed "s,$PWD/,,"
  migfs: error: the folder migrations does not exist
