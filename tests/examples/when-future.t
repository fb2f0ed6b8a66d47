  $ migration 0000_users 1750000000000
  $ migration 0001_posts 4200000000000
  $ cat problems
  meta/_journal.json:12: warning: when of 0001_posts lies after the year 2099: once it has run, Drizzle skips every migration generated later; restamp it before it runs anywhere [when-future]
