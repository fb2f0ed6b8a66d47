The first run of drizzle v1 on a ledger of 0.x: which rows it gives to which folder, and what it then runs.

  $ snapshot() { file meta/$1_snapshot.json "{\"id\":\"00000000-0000-4000-8000-00000000$1\",\"prevId\":\"00000000-0000-$2\",\"version\":\"7\",\"dialect\":\"postgresql\",\"tables\":{},\"enums\":{},\"schemas\":{},\"sequences\":{},\"roles\":{},\"policies\":{},\"views\":{},\"_meta\":{\"columns\":{},\"schemas\":{},\"tables\":{}}}"; }
  $ chain() { snapshot 0000 0000-0000-000000000000 && snapshot 0001 4000-8000-000000000000 && snapshot 0002 4000-8000-000000000001; }
  $ three() { afresh; migration 0000_a 1735689600611 && migration 0001_b 1735776001324 && migration 0002_c 1735862402093 && chain; }
  $ three
  $ database prod
  $ drizzle prod
  ran 0000_a, 0001_b, 0002_c
  $ cat upgrade
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows, each with its folder
    the first run of v1 runs nothing
  
  the folders:
    0000_a -> 20250101000000_a
    0001_b -> 20250102000001_b
    0002_c -> 20250103000002_c
  $ up
  20250101000000_a
  20250102000001_b
  20250103000002_c
  $ v1 prod converted
  ran nothing
  $ query prod "select name from drizzle.__drizzle_migrations order by id"
  20250101000000_a
  20250102000001_b
  20250103000002_c

A row of a migration that is gone.

  $ three
  $ database prod
  $ ran prod 0000_a 0001_b 0002_c
  $ row prod dead 1700000000000
  $ cat upgrade | sed -n 1,6p
  1 thing stands in the way of Drizzle v1.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 4 rows
    the first run of v1 throws, for 1 of them, and changes nothing:
  $ up | head -n 1
  20250101000000_a
  $ v1 prod converted
  failed: While upgrading your database migrations table we found 1 migrations (ids: 4) in the database that do not match any local migration. This means that some migrations were applied to the database but are missing from the local environment
  $ query prod "delete from drizzle.__drizzle_migrations where id = 4"
  $ cat upgrade | sed -n 1,6p
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows, each with its folder
    the first run of v1 runs nothing
  $ v1 prod converted
  ran nothing

A timestamp that was changed: the hash tells; where that was changed, too, nothing does.

  $ three
  $ database prod
  $ ran prod 0000_a 0001_b 0002_c
  $ query prod "update drizzle.__drizzle_migrations set created_at = 1767225600123 where id = 2"
  $ cat upgrade | sed -n 1,7p
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows, each with its folder
    row 2 (created_at 1767225600123) matches 20250102000001_b by its hash alone
    the first run of v1 runs nothing
  $ query prod "update drizzle.__drizzle_migrations set hash = 'other' where id = 2"
  $ cat upgrade | sed -n 1,7p
  1 thing stands in the way of Drizzle v1.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows
    the first run of v1 throws, for 1 of them, and changes nothing:
      row 2 (created_at 1767225600123) matches no folder by its second or its hash: restore its migration, or delete the row once 0.x no longer deploys there
  $ up | head -n 1
  20250101000000_a
  $ v1 prod converted
  failed: While upgrading your database migrations table we found 1 migrations (ids: 2) in the database that do not match any local migration. This means that some migrations were applied to the database but are missing from the local environment

Two migrations of one second, one of them edited.

  $ three
  $ sed -i s/1735776001324/1735689600811/ migrations/meta/_journal.json && stamp_of[0001_b]=1735689600811
  $ database prod
  $ ran prod 0000_a 0001_b 0002_c
  $ query prod "update drizzle.__drizzle_migrations set hash = 'other' where id = 2"
  $ cat upgrade | sed -n 1,7p
  1 thing stands in the way of Drizzle v1.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows
    the first run of v1 throws, for 1 of them, and changes nothing:
      row 2 (created_at 1735689600811) matches no folder by its second or its hash: it is that of 0001_b, edited since; set its hash to 26895c000aea83375dfd7aa586ebb1bf57749713a8ce1e1ef7df9527cb877d67, that of the file as it is now
  $ up | head -n 2
  20250101000000_a
  20250101000000_b
  $ v1 prod converted
  failed: While upgrading your database migrations table we found 1 migrations (ids: 2) in the database that do not match any local migration. This means that some migrations were applied to the database but are missing from the local environment

The same with one text for both: both rows are given to one folder, and the other runs again.

  $ three
  $ sed -i s/1735776001324/1735689600811/ migrations/meta/_journal.json && stamp_of[0001_b]=1735689600811
  $ cp migrations/0000_a.sql migrations/0001_b.sql
  $ database prod
  $ query prod "create table a (id integer); create table c (id integer)"
  $ ran prod 0000_a 0001_b 0002_c
  $ cat upgrade | sed -n 1,8p
  1 thing stands in the way of Drizzle v1.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows, each with its folder
    the first run of v1 runs 1, in this order:
      20250101000000_b: the run aborts at it: table a is there already
  
  $ up | head -n 2
  20250101000000_a
  20250101000000_b
  $ v1 prod converted
  failed: relation "a" already exists

One that 0.x had passed over, and one that was run by hand.

  $ three
  $ database prod
  $ ran prod 0000_a 0002_c
  $ cat upgrade | sed -n 1,8p
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 2 rows, each with its folder
    the first run of v1 runs 1, in this order:
      20250102000001_b: 0.x passed over it
  
  $ up | sed -n 2p
  20250102000001_b
  $ v1 prod converted
  ran 20250102000001_b
  $ query prod "select created_at from drizzle.__drizzle_migrations where name like '%_b'"
  1735776001000
  $ three
  $ database prod
  $ ran prod 0000_a 0001_b 0002_c
  $ query prod "delete from drizzle.__drizzle_migrations where id = 2"
  $ cat upgrade | sed -n 1,8p
  1 thing stands in the way of Drizzle v1.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 2 rows, each with its folder
    the first run of v1 runs 1, in this order:
      20250102000001_b: 0.x passed over it, and all that it does is there, so the run aborts; databases/prod/baseline.sql, run with psql, records it
  
  $ up | sed -n 2p
  20250102000001_b
  $ v1 prod converted
  failed: relation "b" already exists
  $ query prod "select count(*) from information_schema.columns where table_schema = 'drizzle' and column_name = 'name'"
  1

Rows without a hash, as bundled runners write them, are told by their second; one without a folder of its second by nothing.

  $ three
  $ migration 0003_d 1735948800500 && snapshot 0003 4000-8000-000000000002
  $ database prod
  $ ran prod 0000_a 0001_b 0002_c
  $ query prod "update drizzle.__drizzle_migrations set hash = ''"
  $ cat upgrade | sed -n 1,8p
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 3 rows, each with its folder
    the first run of v1 runs 1, in this order:
      20250104000000_d
  
  $ query prod "insert into drizzle.__drizzle_migrations (hash, created_at) values ('', 1700000000000)"
  $ cat upgrade | sed -n 1,8p
  1 thing stands in the way of Drizzle v1.
  
  `drizzle-kit up`: accepts this folder
  
  database prod: 4 rows
    the first run of v1 throws, for 1 of them, and changes nothing:
      row 4 (created_at 1700000000000) matches no folder by its second or its hash: restore its migration, or delete the row once 0.x no longer deploys there
  
  $ up | head -n 1
  20250101000000_a
  $ v1 prod converted
  failed: While upgrading your database migrations table we found 1 migrations (ids: 4) in the database that do not match any local migration. This means that some migrations were applied to the database but are missing from the local environment
