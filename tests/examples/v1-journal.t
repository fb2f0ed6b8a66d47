Folders of drizzle v1 beside a journal: its runner aborts every run, and that of 0.x runs the journal.

  $ migration 0000_users 1750000000000
  $ folder 20250615150640_posts
  $ cat problems
  20250615150640_posts/migration.sql: warning: has the layout of Drizzle v1, which the 0.x runner does not read, and whose own runner refuses a folder with meta/_journal.json; finish `drizzle-kit up` or undo it [v1-folder]
  $ v1 prod
  failed: We detected that you have old drizzle-kit migration folders. You must upgrade drizzle-kit and run "drizzle-kit up"
  $ drizzle prod
  ran 0000_users
  $ rm migrations/meta/_journal.json
  $ cat problems
  0000_users.sql: warning: is never read by Drizzle v1, which reads only NAME/migration.sql; if it was meant to run, make it a migration of its own with `drizzle-kit generate --custom`, else delete it [unread]
  $ v1 other
  ran 20250615150640_posts
