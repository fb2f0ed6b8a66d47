UTF-16, as an editor on Windows saves it:

  $ migration 0000_users 1750000000000 '\xff\xfec\0r\0e\0a\0t\0e\0 \0t\0a\0b\0l\0e\0 \0u\0 \0(\0)\0'
  $ cat problems
  0000_users.sql: error: is UTF-16, which Drizzle turns into garbage that PostgreSQL rejects; save it as UTF-8 [sql-encoding]
  0000_users.sql: note: its effects are unknown: the parser cannot get through it [effects-unknown]
  $ cat status/0000_users
  tag: 0000_users
  state: journaled
  file: 0000_users.sql
  size: 36
  sha256: 950108c6d0c493ed911512ff0f2fb96a372a5f6dfd58e48483cd6146aa3074fc
  statements: 1
  journal: yes
  idx: 0
  when: 1750000000000 2025-06-15T15:06:40.000Z
  snapshot: yes
  drizzle: runs it where the newest created_at is below 1750000000000
  consistent: runs where the newest created_at is below 1750000000000
  effects: unknown (the parser cannot get through it)
  $ drizzle empty
  failed: Failed query: ��create table u (): invalid message format

Latin-1: the runner sends U+FFFD, and hashes that:

  $ afresh
  $ migration 0000_users 1750000000000 "create table users (name text default 'Andr\\xe9');\\n"
  $ cat problems
  0000_users.sql: error: is not UTF-8: Drizzle sends U+FFFD for each invalid sequence; save it as UTF-8 [sql-encoding]
  $ database production
  $ drizzle production
  ran 0000_users
  $ cat databases/production/ledger
  id	created_at	hash	tag	matched
  1	1750000000000	db5137c43dc9de271bdf00fa447edb43b19b0853dcf362adb2b6605b770132df	0000_users	hash+stamp
  $ query production "insert into users default values; select name, name = U&'Andr\FFFD' from users"
  Andr�	t

A NUL:

  $ afresh
  $ migration 0000_users 1750000000000 'create table users (id integer);\0\n'
  $ cat problems
  0000_users.sql: error: contains a NUL byte, which PostgreSQL rejects; remove it [sql-encoding]
  0000_users.sql: note: its effects are unknown: the parser cannot get through it [effects-unknown]
  $ drizzle empty
  failed: Failed query: create table users (id integer);: invalid message format

A byte order mark, as an editor on Windows writes it. psql takes it, and Drizzle sends it along:

  $ afresh
  $ migration 0000_users 1750000000000 '\xef\xbb\xbfcreate table users (id integer);\n'
  $ cat problems
  0000_users.sql: error: begins with a byte order mark, which PostgreSQL rejects; save it as UTF-8 without one [sql-encoding]
  0000_users.sql:1: note: its effects are unknown: line 1 cannot be parsed: syntax error at or near "\u{feff}create" [effects-unknown]
  $ drizzle empty
  failed: Failed query: ﻿create table users (id integer);: syntax error at or near "﻿create"
