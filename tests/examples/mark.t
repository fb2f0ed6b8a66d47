A row left by a stamp of our making is known again after its file was edited: its milliseconds are the tag's.

  $ migration 0000_users 1750000000000
  $ sql 0001_posts
  $ database production
  $ ran production 0000_users
  $ drizzle production from _journal.json
  ran 0001_posts
  $ sql 0001_posts 'create table posts (id integer, title text);\n'
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	0000_users	hash+stamp
  2	1750000013919	4ae03f8b7a7a8877f9f3c6f44d7a73420b50e29c9f2c3d735a6c615ac97695d3	0001_posts	mark
  $ cat status/0001_posts
  tag: 0001_posts
  state: unjournaled
  file: 0001_posts.sql
  size: 45
  sha256: edab3258ada4c3caebd1d254b1dce46bca91266a31f75a5cbb452697253569bb
  statements: 1
  journal: no
  idx: 1 (was -)
  when: 1750000013919 (was -) 2025-06-15T15:06:53.919Z
  snapshot: yes
  drizzle: never runs it: meta/_journal.json does not list it
  consistent: passes over it in production
  database production: modified
  effects: creates table posts (2 columns)
  effects production: 2 of 3 there, missing: column posts.title
  $ cat changes
  0001_posts: added with idx 1, when 1750000013919
  $ drizzle production from _journal.json
  ran nothing

The second in which drizzle-kit made a migration stands in some names, and in the stamp of the row:

  $ afresh
  $ migration 20250615150640_users 1750000000380
  $ database production
  $ ran production 20250615150640_users
  $ journal '{"version": "7", "dialect": "postgresql", "entries": []}'
  $ sql 20250615150640_users 'create table users (id integer, name text);\n'
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000380	80c82eb9087ff832646054e824f8d8092eabb46981f815262e88fd9933e5c9a4	20250615150640_users	second
  $ cat changes
  20250615150640_users: added with idx 0, when 1750000000380
  $ drizzle production from _journal.json
  ran nothing
