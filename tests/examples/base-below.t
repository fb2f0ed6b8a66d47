The journal of the main branch, and a branch whose migration was generated before the newest one of the main branch.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ command cp migrations/meta/_journal.json main.json
  $ afresh
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ migration 0001_tags 1750000100000
  $ check --base=main.json
  meta/_journal.json:19: error: when of 0001_tags, 1750000100000, is not above 1750000200000, the newest of the base (0001_posts): databases that ran the base never run it; delete it with its entry and its snapshot, and generate it again on top of the base (docs/branches.md) [base-below]
  [1]

Where the base has been deployed:

  $ database production
  $ ran production 0000_users 0001_posts
  $ drizzle production
  ran nothing
