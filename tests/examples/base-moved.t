The journal of the main branch, and a branch on which a published stamp was changed.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ command cp migrations/meta/_journal.json main.json
  $ afresh
  $ migration 0000_users 1750000000001
  $ migration 0001_posts 1750000200000
  $ check --base=main.json
  meta/_journal.json:5: error: when of 0000_users was published as 1750000000000 and is now 1750000000001: databases that ran it recorded the old one; set it to 1750000000000 again [base-moved]
  [1]

Where the moved one is the newest that has run, it would run again:

  $ afresh
  $ migration 0000_users 1750000000000
  $ database production
  $ drizzle production
  ran 0000_users
  $ afresh
  $ migration 0000_users 1750000000001
  $ uri_of[production]=postgresql:///production?host=$MIGFS_TEST_PGHOST\&user=postgres
  $ drizzle production
  failed: Failed query: create table "users" (id integer);: relation "users" already exists

An entry that stands twice, in both as it is:

  $ afresh
  $ migration 0000_users 1750000000000
  $ entry 0000_users 1750000200000
  $ check --base=migrations/meta/_journal.json
  meta/_journal.json:12: error: 0000_users is listed a second time (first in line 5): where it has not run, Drizzle runs it twice; the consistent journal keeps the first: run `migfs fix` [duplicate-tag]
  [1]
