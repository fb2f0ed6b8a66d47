  $ migration 0000_users 1750000000000
  $ file archive/0001_posts.sql 'create table posts (id integer);\n'
  $ file archive/0002_tags.sql 'create table tags (id integer);\n'
  $ cat problems
  archive: note: contains .sql files, but Drizzle reads only those directly in the migrations folder; move up those that are meant to run [nested-sql]
  $ drizzle empty
  ran 0000_users
