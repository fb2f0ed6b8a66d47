Two branches both generated, and both snapshots were kept.

  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000100000
  $ migration 0002_tags 1750000200000
  $ file meta/0000_snapshot.json '{"id":"a","prevId":"0","version":"7"}'
  $ file meta/0001_snapshot.json '{"id":"b","prevId":"a","version":"7"}'
  $ file meta/0002_snapshot.json '{"id":"c","prevId":"a","version":"7"}'
  $ cat problems
  meta/0002_snapshot.json: warning: has the prevId of 0001_snapshot.json, as after a merge of two branches, so `drizzle-kit generate` and `check` stop; while 0002_tags has run nowhere, delete it with its entry and this snapshot, and generate it again (docs/branches.md) [snapshot-chain]

One with the markers of the merge:

  $ file meta/0002_snapshot.json '{\n<<<<<<< HEAD\n"id":"c",\n'
  $ cat problems
  meta/0002_snapshot.json:2:1: warning: is not JSON, so `drizzle-kit generate` and `check` stop; restore the file from version control [snapshot-chain]
