The journal of the main branch, and what a branch makes of it: a published stamp was changed, and a new migration was generated before
the newest one of the main branch.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ command cp migrations/meta/_journal.json main.json
  $ afresh
  $ migration 0000_users 1750000000001
  $ migration 0001_posts 1750000200000
  $ check --base=main.json
  meta/_journal.json:5: error: when of 0000_users was published as 1750000000000 and is now 1750000000001: databases that ran it go by the old one; put it back [base-moved]
  meta/_journal.json:5: error: when of 0000_users, 1750000000001, is not above 1750000200000, the newest of the base (0001_posts): databases that ran the base never run it; generate it again on top of the base [base-below]
  [1]
