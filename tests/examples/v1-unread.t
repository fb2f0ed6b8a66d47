What drizzle v1 never reads, and a name that ends the run.

  $ folder 20250101000000_a
  $ database prod
  $ v1 prod
  ran 20250101000000_a
  $ file 0004_e.sql 'create table e (id integer);\n'
  $ file 20250103000000_x/snapshot.json '{}'
  $ file sub/20250104000000_n/migration.sql 'create table n (id integer);\n'
  $ cat problems
  0004_e.sql: warning: is never read by drizzle v1, which reads NAME/migration.sql alone; if it was meant to run, make it a migration of its own with `drizzle-kit generate --custom`, else delete it [unread]
  sub/20250104000000_n: note: holds .sql files, and Drizzle reads only those right in the migrations folder; move those up that are to run [nested-sql]
  $ cat databases/prod/next
  $ v1 prod
  ran nothing
  $ folder notes
  $ folder 20250105000000_f
  $ cat problems
  notes/migration.sql: error: the name of its folder does not begin with fourteen digits, so the run that comes to it aborts and nothing of that run stays; before it runs anywhere, rename the folder to the UTC second and a name, such as 20250101120000_name [no-date]
  0004_e.sql: warning: is never read by drizzle v1, which reads NAME/migration.sql alone; if it was meant to run, make it a migration of its own with `drizzle-kit generate --custom`, else delete it [unread]
  sub/20250104000000_n: note: holds .sql files, and Drizzle reads only those right in the migrations folder; move those up that are to run [nested-sql]
  $ cat databases/prod/next
  $ v1 prod
  failed: invalid input syntax for type bigint: "NaN"
  $ mv migrations/notes migrations/20250104000000_notes
  $ cat databases/prod/next
  20250104000000_notes
  20250105000000_f
  $ v1 prod
  ran 20250104000000_notes, 20250105000000_f

A link to a folder is followed by the runner, and not here.

  $ afresh
  $ folder 20250101000000_a
  $ folder store/20250102000000_b
  $ ln -s store/20250102000000_b migrations/20250102000000_b
  $ cat problems
  20250102000000_b: error: is a symbolic link to a directory, so it is not read and not shown; the runner of drizzle v1 follows it, and runs what it leads to if that is a folder with migration.sql: put the folder itself in its place [bad-file]
  store/20250102000000_b: note: holds .sql files, and Drizzle reads only those right in the migrations folder; move those up that are to run [nested-sql]
  $ v1 linked
  ran 20250101000000_a, 20250102000000_b
  $ rm migrations/20250102000000_b && mv migrations/store/20250102000000_b migrations && rmdir migrations/store
  $ cat problems
  $ database linked
  $ cat databases/linked/next
  20250101000000_a
  20250102000000_b
  $ v1 linked
  ran 20250101000000_a, 20250102000000_b
