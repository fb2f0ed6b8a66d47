A baseline as `drizzle-kit pull` writes it: its comment holds breakpoints, at which Drizzle cuts it.

  $ migration 0000_pulled 1750000000000 '/*\ncreate table users (id integer);\n--> statement-breakpoint\ncreate table posts (id integer);\n*/\n'
  $ database production
  $ query production 'create table users (id integer); create table posts (id integer)'
  $ cat problems
  0000_pulled.sql:1: error: the next run in database production aborts here, and nothing of that run stays: a comment does not end before the next breakpoint (42601); close it; in a baseline of `drizzle-kit pull`, delete its `/*` and `*/` [will-abort]
  $ cat databases/production/summary
  database production ("production" at the socket in /run/postgresql): no ledger yet, so everything that is listed runs
    1 pending
    next deploy:
      aborts at line 1 of 0000_pulled.sql, and nothing of the run stays: a comment does not end before the next breakpoint (42601)
      of 1: 0000_pulled
  $ drizzle production
  failed: Failed query: /*: unterminated /* comment at or near "/* create table users (id integer); "

Without the comment's marks it is known what it does, and its row can be recorded:

  $ afresh
  $ migration 0000_pulled 1750000000000 'create table users (id integer);\n--> statement-breakpoint\ncreate table posts (id integer);\n'
  $ database production
  $ query production 'create table users (id integer); create table posts (id integer)'
  $ cat problems
  database production: error: its ledger has no row, but the first migration is there, as after drizzle-kit push or a restore without the ledger: the next run aborts at the first; databases/production/baseline.sql, run with psql, records what is there [ledger-lost]
