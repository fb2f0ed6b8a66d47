Migrations of drizzle v1 that hold no statement, what is not UTF-8, or an unfinished merge. An empty one runs, and is done.

  $ folder 20250101000000_a
  $ folder 20250102000000_b ''
  $ database prod
  $ cat problems
  20250102000000_b/migration.sql: warning: contains no statement: Drizzle does nothing and records it as run; write it before it runs anywhere, or add a comment that says why it is empty [sql-empty]
  $ v1 prod
  ran 20250101000000_a, 20250102000000_b
  $ cat problems
  $ folder 20250103000000_c '<<<<<<< HEAD\nselect 1;\n=======\nselect 2;\n>>>>>>> main\n'
  $ folder 20250104000000_d 'select 1; -- \xe9\n'
  $ cat problems
  20250103000000_c/migration.sql: error: contains the markers of an unfinished merge, on which PostgreSQL fails; finish the merge [sql-conflict]
  20250104000000_d/migration.sql: error: is not UTF-8: Drizzle sends U+FFFD for each invalid sequence; save it as UTF-8 [sql-encoding]
  20250103000000_c/migration.sql:1: note: its effects are unknown: line 1 cannot be parsed: syntax error at or near "<<<<<<<" [effects-unknown]
  $ v1 prod
  failed: syntax error at or near "<<<<<<<"
