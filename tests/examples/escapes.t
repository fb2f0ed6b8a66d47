Names and hashes that would play with a terminal, or look like two lines, are escaped wherever they are printed.

  $ migration 0000_users 1750000000000
  $ sql "$(printf '0001_a\n0002_b\033[31m')"
  $ raw_entry '{"idx": 1, "when": "1\\u001b[31m", "tag": "0003_\\u0007\\nstate: applied"}'
  $ database production
  $ ran production 0000_users
  $ row production "$(printf 'one\ttwo\nthree\033[2J')" 1750000000001
  $ cat problems
  0001_a\n0002_b\x1b[31m.sql: error: not in meta/_journal.json, so Drizzle never runs it, and has no row in database production; run `migfs fix` with the same databases; or write `exclude 0001_a?0002_b?[[]31m` into .migfs if it is not a migration, or, if it was run by hand and every database that lacks it is attached, `applied 0001_a?0002_b?[[]31m production` [unjournaled]
  meta/_journal.json:12: error: lists 0003_\x07\nstate: applied, and 0003_\x07\nstate: applied.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone for good, the consistent journal leaves the entry out: run `migfs fix` with the same databases [missing]
  meta/_journal.json:12: error: when of 0003_\x07\nstate: applied is "1\\u001b[31m", not a whole number: Drizzle skips it, or fails [when-invalid]
  database production: warning: 1 of its 2 rows is newer than every matched row and matches no migration here (id 2), perhaps of another branch or of a file that is gone: Drizzle skips what is older than it and has not run; if the newest belongs to a migration that has no row, write `applied 0001_a?0002_b?[[]31m production` into .migfs before you deploy; if that is known, write `ignore unknown-row production` into .migfs [unknown-row]
  $ cat summary
  migrations: 1 missing, 1 unjournaled, 1 applied
  meta/_journal.json: 2 entries
  _journal.json here: 2 entries, 2 changes (see changes)
  problems: 3 errors, 1 warning (see problems)
  
  database production ("production" at the socket in /run/postgresql): 2 rows, newest created_at 1750000000001 (2025-06-15T15:06:40.001Z)
    1 missing, 1 applied, 1 not-applied
    next deploy, from meta/_journal.json:
      aborts every run: 0003_\x07\nstate: applied.sql is not there
    next deploy, from _journal.json here:
      runs 1: 0001_a\n0002_b\x1b[31m
  $ cat changes
  0003_\x07\nstate: applied: dropped: its file is not there
  0001_a\n0002_b\x1b[31m: added with idx 1, when 1750000055980
  _journal.json: the newest timestamp made here is 1750000055980 (2025-06-15T15:07:35.980Z)
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000000001	one\ttwo\nthree\x1b[2J	-	-
  $ ls state/missing | od -c | head -n 2
  0000000   0   0   0   3   _   %   0   7   %   0   A   s   t   a   t   e
  0000020   :       a   p   p   l   i   e   d  \n
