What `drizzle-kit up` to v1 refuses, and what it takes.

  $ snapshot() { file meta/$1_snapshot.json "{\"id\":\"00000000-0000-4000-8000-00000000$1\",\"prevId\":\"00000000-0000-$2\",\"version\":\"7\",\"dialect\":\"postgresql\",\"tables\":{},\"enums\":{},\"schemas\":{},\"sequences\":{},\"roles\":{},\"policies\":{},\"views\":{},\"_meta\":{\"columns\":{},\"schemas\":{},\"tables\":{}}}"; }
  $ chain() { snapshot 0000 0000-0000-000000000000 && snapshot 0001 4000-8000-000000000000 && snapshot 0002 4000-8000-000000000001; }
  $ three() { afresh; migration 0000_a 1735689600611 && migration 0001_b 1735776001324 && migration 0002_c 1735862402093 && chain; }
  $ three
  $ cat upgrade
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  the folders:
    0000_a -> 20250101000000_a
    0001_b -> 20250102000001_b
    0002_c -> 20250103000002_c
  $ up
  20250101000000_a
  20250102000001_b
  20250103000002_c
  $ rm migrations/meta/0001_snapshot.json
  $ cat upgrade | sed -n 3,4p
  `drizzle-kit up`: refuses this folder because of
    0001_b: meta/0001_snapshot.json is missing; restore it from git, since it cannot be made from the SQL: the SQL gives another schema than meta/0002_snapshot.json has: tables.public.b is only in what the SQL gives [no-snapshot]
  $ up
  No snapshot was found

A `when` below that of the snapshot before; and two in one second, which is fine.

  $ three
  $ sed -i s/1735862402093/1735775996324/ migrations/meta/_journal.json
  $ cat upgrade | sed -n 3,4p
  `drizzle-kit up`: refuses this folder because of
    0002_c: its folder would not sort after that of 0001_b, which its snapshot follows; set its `when` to 1735776002000; attach the databases that have run it, to see what that does there [order]
  $ up
  After drizzle-kit up moves the migrations into folders, migration 0002_c sorts before its parent 0001_b, so migrate can run it first. drizzle-kit up names each folder after the time in `when` of its journal entry. No file was changed. In meta/_journal.json, set `when` of 0002_c to a time at least one second after `when` of 0001_b, then run drizzle-kit up again.
  $ sed -i s/1735775996324/1735776001424/ migrations/meta/_journal.json
  $ cat upgrade | sed -n 3,4p
  `drizzle-kit up`: accepts this folder
  
  $ up
  20250101000000_a
  20250102000001_b
  20250102000001_c

SQL that is gone; an unlisted file, which stays flat; a tag that stands twice, at which it breaks half-way.

  $ three
  $ rm migrations/0001_b.sql
  $ cat upgrade | sed -n 3,4p
  `drizzle-kit up`: refuses this folder because of
    0001_b: neither its file nor another one that begins with 0001_ is there; restore it from git [no-sql]
  $ up
  Cannot convert the migrations folder to snapshot format 9: the journal entry 0001_b has no SQL file. drizzle-kit expects it at converted/0001_b.sql. No file was changed. Restore this file from git, then run drizzle-kit up again.
  $ three
  $ sql 0004_e
  $ cat upgrade | sed -n 1,6p
  Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.
  
  `drizzle-kit up`: accepts this folder
  
  left as they are, and never read by v1:
    0004_e.sql
  $ up
  0004_e.sql
  20250101000000_a
  20250102000001_b
  20250103000002_c
  $ three
  $ entry 0002_c 1735948800500
  $ cat upgrade | sed -n 3,4p
  `drizzle-kit up`: refuses this folder because of
    0002_c: the journal lists it twice, and the conversion fails half-way: some folders made, their SQL moved; `migfs fix` keeps the first entry [doubled-tag]
  $ up
  Error  ENOENT: no such file or directory, open 'converted/0002_c.sql'
  $ cd converted && printf '%s\n' *; cd ..
  20250101000000_a
  20250102000001_b
  20250103000002_c
  20250104000000_c
  meta
