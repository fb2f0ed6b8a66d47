  $ migration 0000_users 1750000000000
  $ migration 0000_Users 1750000100000
  $ cat problems
  0000_users.sql: warning: differs from 0000_Users.sql only in case: on macOS and Windows one of them is lost; rename it to 0001_users.sql, and the tag of its entry to 0001_users [case-clash]
