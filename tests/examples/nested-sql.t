  $ migration 0000_users 1750000000000
  $ file archive/0001_posts.sql 'create table posts (id integer);\n'
  $ file archive/0002_tags.sql 'create table tags (id integer);\n'
  $ cat problems
  archive: note: holds .sql files, and Drizzle reads only those right in the migrations folder; move those up that are to run [nested-sql]
  $ drizzle empty
  ran 0000_users
