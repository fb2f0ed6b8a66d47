  $ migration 0000_users 1750000000000 'create table users (\n<<<<<<< HEAD\n  id integer\n=======\n  id bigint\n>>>>>>> main\n);\n'
  $ cat problems
  0000_users.sql: error: contains the markers of an unfinished merge, on which PostgreSQL fails; finish the merge [sql-conflict]
  0000_users.sql:2: note: its effects are unknown: line 2 cannot be parsed: syntax error at or near "<<<<<<<" [effects-unknown]
  $ drizzle empty
  failed: Failed query: create table users (: syntax error at or near "<<<<<<<"
