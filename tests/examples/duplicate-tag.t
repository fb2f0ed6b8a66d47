  $ migration 0000_users 1750000000000
  $ entry 0000_users 1750000100000
  $ cat problems
  meta/_journal.json:12: error: 0000_users is listed a second time (first in line 5): where it has not run, Drizzle runs it twice; the consistent journal keeps the first [duplicate-tag]
  $ cat changes
  0000_users: dropped in line 12: it is listed in line 5 already
  $ drizzle empty
  failed: Failed query: create table "users" (id integer);: relation "users" already exists
