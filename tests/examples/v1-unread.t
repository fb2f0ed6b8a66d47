What drizzle v1 never reads, and a name that ends the run.

  $ folder 20250101000000_a
  $ database prod
  $ v1 prod
  ran 20250101000000_a
  $ file 0004_e.sql 'create table e (id integer);\n'
  $ file 20250103000000_x/snapshot.json '{}'
  $ file sub/20250104000000_n/migration.sql 'create table n (id integer);\n'
  $ cat problems
  0004_e.sql: warning: is never read by Drizzle v1, which reads only NAME/migration.sql; if it was meant to run, make it a migration of its own with `drizzle-kit generate --custom`, else delete it [unread]
  sub/20250104000000_n: note: contains .sql files, but Drizzle reads only those directly in the migrations folder; move up those that are meant to run [nested-sql]
  $ cat databases/prod/next
  $ v1 prod
  ran nothing
  $ folder notes
  $ folder 20250105000000_f
  $ cat problems
  notes/migration.sql: error: the name of its folder does not begin with fourteen digits, so the run that gets to it aborts and nothing of that run stays; before it runs anywhere, rename the folder to the UTC second and a name, such as 20250101120000_name [no-date]
  0004_e.sql: warning: is never read by Drizzle v1, which reads only NAME/migration.sql; if it was meant to run, make it a migration of its own with `drizzle-kit generate --custom`, else delete it [unread]
  sub/20250104000000_n: note: contains .sql files, but Drizzle reads only those directly in the migrations folder; move up those that are meant to run [nested-sql]
  $ cat databases/prod/next
  $ v1 prod
  failed: invalid input syntax for type bigint: "NaN"
  $ mv migrations/notes migrations/20250104000000_notes
  $ cat databases/prod/next
  20250104000000_notes
  20250105000000_f
  $ v1 prod
  ran 20250104000000_notes, 20250105000000_f

A link to a folder is followed by the runner; here, too, where it stays in the source.

  $ afresh
  $ folder 20250101000000_a
  $ folder store/20250102000000_b
  $ ln -s store/20250102000000_b migrations/20250102000000_b
  $ cat problems
  $ database linked
  $ cat databases/linked/next
  20250101000000_a
  20250102000000_b
  $ v1 linked
  ran 20250101000000_a, 20250102000000_b
  $ mkdir outside && echo 'create table c (id integer);' >outside/migration.sql && ln -s ../outside migrations/20250103000000_c
  $ cat problems
  20250103000000_c: error: is a symbolic link that leads out of the folder, so it is not read and not shown; the runner of Drizzle v1 follows it, and runs what it leads to if that is a folder with migration.sql: put the folder itself in its place [bad-file]
  $ cat databases/linked/next
  $ v1 linked
  ran 20250103000000_c
  $ rm migrations/20250103000000_c && cp -r outside migrations/20250103000000_c
  $ cat problems
  $ v1 linked
  ran nothing
