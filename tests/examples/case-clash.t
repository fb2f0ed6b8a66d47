  $ migration 0000_users 1750000000000
  $ migration 0000_Users 1750000100000
  $ cat problems
  0000_users.sql: warning: differs from 0000_Users.sql in nothing but upper and lower case: on macOS and Windows one of them is lost; rename one [case-clash]
  0000_users.sql: note: begins with the number of 0000_Users: Drizzle runs both, but drizzle-kit has one snapshot for a number; while it has run nowhere, rename it to 0001_users.sql, and the tag of its entry to 0001_users [duplicate-prefix]
