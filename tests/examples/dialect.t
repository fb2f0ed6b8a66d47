A folder of another database.

  $ sql 0000_users
  $ journal '{"version": "6", "dialect": "sqlite", "entries": [{"idx": 0, "when": 1750000000000, "tag": "0000_users"}]}'
  $ cat problems
  meta/_journal.json: warning: its dialect is "sqlite", and what migfs says about Drizzle applies only to PostgreSQL; use the folder for PostgreSQL instead [dialect]
