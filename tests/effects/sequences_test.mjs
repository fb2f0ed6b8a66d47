// Statements of kinds that real migrations have, one after another: after each that PostgreSQL takes, every fact of the fold is compared with
// the catalogs.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { isWrong, readCatalogs } from "./catalogs.mjs";
import { FoldProcess } from "./fold.mjs";

const require = createRequire(path.join(process.env.MIGFS_NODE_MODULES, "x.js"));
const pg = require("pg");
const fold = new FoldProcess(process.env.MIGFS_FACTS);
const client = new pg.Client({ connectionString: process.env.MIGFS_TEST_URI });
const A = "CREATE TABLE a (id serial PRIMARY KEY, x int UNIQUE, y text NOT NULL)";
const sequences = {
    "LIKE": [
        A,
        "CREATE TABLE b (LIKE a INCLUDING ALL)",
        "CREATE TABLE c (LIKE a)",
        "CREATE TABLE d (LIKE a INCLUDING DEFAULTS INCLUDING CONSTRAINTS, z int)",
        "CREATE TABLE e (LIKE a INCLUDING INDEXES)",
    ],
    "CREATE TABLE AS and SELECT INTO": [
        A,
        "CREATE TABLE b AS SELECT id, y FROM a",
        "SELECT * INTO c FROM a",
        "CREATE TABLE d (k) AS SELECT id FROM a",
        "ALTER TABLE b ADD q int",
    ],
    "materialized views and their indexes": [
        A,
        "CREATE MATERIALIZED VIEW mv AS SELECT * FROM a",
        "CREATE UNIQUE INDEX ON mv (id)",
        "CREATE INDEX mvx ON mv (lower(y))",
        "ALTER MATERIALIZED VIEW mv RENAME TO mw",
        "REFRESH MATERIALIZED VIEW mw",
        "ALTER TABLE a DROP COLUMN x CASCADE",
    ],
    "enums renamed and moved": [
        "CREATE TYPE mood AS ENUM ('a','b')",
        "ALTER TYPE mood RENAME VALUE 'a' TO 'z'",
        "ALTER TYPE mood RENAME TO m2",
        "CREATE TABLE t (m m2, ms m2[])",
        "CREATE SCHEMA app2",
        "ALTER TYPE m2 SET SCHEMA app2",
        "ALTER TYPE app2.m2 ADD VALUE 'q' AFTER 'z'",
        "DROP TYPE app2.m2 CASCADE",
    ],
    "a trigger function dropped with CASCADE": [
        A,
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
        "CREATE TRIGGER tr BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE OR REPLACE TRIGGER tr2 AFTER INSERT ON a EXECUTE PROCEDURE f()",
        "ALTER TRIGGER tr ON a RENAME TO tr3",
        "DROP FUNCTION f() CASCADE",
    ],
    "constraint triggers": [
        A,
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
        "CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON a DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()",
        "DROP TRIGGER ct ON a",
        "DROP FUNCTION f",
    ],
    "constraints, indexes and sequences renamed": [
        A,
        "ALTER TABLE a RENAME CONSTRAINT a_pkey TO pk",
        "ALTER INDEX pk RENAME TO pk2",
        "ALTER TABLE a RENAME COLUMN x TO xx",
        "ALTER TABLE a DROP CONSTRAINT a_x_key",
        "ALTER TABLE a RENAME TO b",
        "ALTER SEQUENCE a_id_seq RENAME TO bseq",
        "CREATE TABLE a (id serial PRIMARY KEY, xx int UNIQUE)",
    ],
    "partitions": [
        "CREATE TABLE p (id int, d date NOT NULL) PARTITION BY RANGE (d)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
        "CREATE INDEX ON p (d)",
        "ALTER TABLE p ADD PRIMARY KEY (id, d)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
        "ALTER TABLE p ADD COLUMN q text NOT NULL DEFAULT ''",
        "ALTER TABLE p DETACH PARTITION p1",
        "CREATE TABLE p3 (id int NOT NULL, d date NOT NULL, q text NOT NULL DEFAULT '')",
        "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
        "CREATE TABLE pd PARTITION OF p DEFAULT",
        "ALTER TABLE p ADD CONSTRAINT ck CHECK (id > 0)",
        "ALTER TABLE p RENAME COLUMN q TO r",
        "DROP TABLE p CASCADE",
    ],
    "partitions by hash and keys on them": [
        "CREATE TABLE p (id int PRIMARY KEY, v int) PARTITION BY HASH (id)",
        "CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 0)",
        "CREATE TABLE o (id int REFERENCES p(id))",
        "CREATE UNIQUE INDEX u ON p (id, v)",
        "ALTER TABLE p DROP COLUMN v",
        "DROP TABLE o",
        "DROP TABLE p0",
    ],
    "sequences with owners": [
        A,
        "CREATE SEQUENCE s",
        "ALTER TABLE a ADD n bigint",
        "ALTER TABLE a ALTER n SET DEFAULT nextval('s')",
        "ALTER SEQUENCE s OWNED BY a.n",
        "ALTER TABLE a DROP COLUMN n",
        "CREATE SEQUENCE s2 OWNED BY a.id",
        "DROP TABLE a",
    ],
    "a sequence in a default": [
        A,
        "CREATE SEQUENCE s",
        "CREATE TABLE b (i int DEFAULT nextval('s'))",
        "DROP SEQUENCE s CASCADE",
        "ALTER TABLE b ALTER i SET DEFAULT 4",
    ],
    "a table moved to another schema, and that dropped": [
        "CREATE SCHEMA app2",
        A,
        "CREATE INDEX i ON a (y)",
        "CREATE VIEW v AS SELECT * FROM a",
        "ALTER TABLE a SET SCHEMA app2",
        "CREATE TABLE b (a int REFERENCES app2.a)",
        "ALTER TABLE app2.a RENAME TO z",
        "DROP SCHEMA app2 CASCADE",
    ],
    "domains": [
        "CREATE DOMAIN email AS text CHECK (VALUE ~ '@')",
        "ALTER DOMAIN email ADD CONSTRAINT len CHECK (length(VALUE) < 100)",
        "CREATE TABLE t (e email NOT NULL, f email[])",
        "ALTER DOMAIN email RENAME TO mail",
        "DROP DOMAIN mail CASCADE",
    ],
    "composite types and typed tables": [
        "CREATE TYPE comp AS (a int, b text)",
        "ALTER TYPE comp ADD ATTRIBUTE c int",
        "CREATE TABLE t (c comp, id int)",
        "CREATE TABLE tt OF comp",
        "DROP TYPE comp CASCADE",
    ],
    "inheritance, and its end": [
        A,
        "CREATE TABLE c (z int) INHERITS (a)",
        "ALTER TABLE a ADD COLUMN q int NOT NULL",
        "ALTER TABLE a DROP COLUMN x",
        "ALTER TABLE a ADD CONSTRAINT ck CHECK (q > 0)",
        "ALTER TABLE ONLY a ADD COLUMN IF NOT EXISTS q int",
        "ALTER TABLE a RENAME COLUMN q TO r",
        "ALTER TABLE c NO INHERIT a",
        "DROP TABLE a CASCADE",
    ],
    "views that read views": [
        A,
        "CREATE VIEW v AS SELECT x FROM a",
        "CREATE VIEW w AS SELECT * FROM v",
        "CREATE OR REPLACE VIEW v AS SELECT x, y FROM a",
        "ALTER TABLE a DROP COLUMN y CASCADE",
    ],
    "an extension with types": [
        "CREATE EXTENSION IF NOT EXISTS citext",
        "CREATE TABLE t (c citext, id int PRIMARY KEY, m citext[])",
        "CREATE INDEX i ON t (c)",
        "ALTER TABLE t ALTER c TYPE text",
        "DROP EXTENSION citext CASCADE",
    ],
    "names used again": [
        A,
        "ALTER TABLE a RENAME TO b",
        A,
        "ALTER TABLE a RENAME TO c",
        A,
        "DROP TABLE b",
        "CREATE TABLE b (id serial PRIMARY KEY, x int REFERENCES a)",
    ],
    "columns of keys dropped": [
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b), CHECK (a < b), UNIQUE (b))",
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t ADD PRIMARY KEY (b)",
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
        "ALTER TABLE t ALTER b DROP NOT NULL",
    ],
    "generated columns": [
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int)",
        "CREATE INDEX i ON t (b)",
        "ALTER TABLE t DROP COLUMN a CASCADE",
        "ALTER TABLE t ADD d int GENERATED ALWAYS AS (c + 1) STORED",
        "ALTER TABLE t ALTER d DROP EXPRESSION",
        "ALTER TABLE t ALTER c SET NOT NULL, ALTER c ADD GENERATED BY DEFAULT AS IDENTITY",
        "ALTER TABLE t ALTER c SET GENERATED ALWAYS",
        "ALTER TABLE t ALTER c DROP IDENTITY",
    ],
    "foreign keys to a unique index": [
        "CREATE TABLE t (a int)",
        "CREATE UNIQUE INDEX i ON t (a)",
        "CREATE TABLE u (a int REFERENCES t (a))",
        "DROP INDEX i CASCADE",
    ],
    "CREATE SCHEMA with elements": [
        "CREATE SCHEMA app2 CREATE TABLE t (id int PRIMARY KEY) CREATE VIEW v AS SELECT id FROM t CREATE INDEX i ON t (id)",
        "DROP VIEW app2.v",
        "ALTER SCHEMA app2 RENAME TO app3",
        "CREATE TABLE app3.u (t int REFERENCES app3.t)",
        "DROP SCHEMA app3 CASCADE",
    ],
    "DO with NOT FOUND": [
        "DO $$ BEGIN PERFORM 1 FROM pg_type WHERE typname = 'mood'; IF NOT FOUND THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$",
        "CREATE TABLE t (m mood)",
    ],
    "functions of the same name": [
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION f(int)",
        "CREATE OR REPLACE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 2'",
        "CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION f(text) RENAME TO g",
        "CREATE AGGREGATE agg(int) (sfunc = int4pl, stype = int)",
        "DROP AGGREGATE agg(int)",
        "DROP ROUTINE g(text)",
        "DROP PROCEDURE pr",
    ],
    "ranges and exclusion constraints": [
        "CREATE TYPE r AS RANGE (subtype = int4)",
        "CREATE TABLE t (r r, EXCLUDE USING gist (r WITH &&))",
        "DROP TYPE r CASCADE",
    ],
    "several commands in one ALTER TABLE": [
        A,
        "ALTER TABLE a ADD COLUMN p int, ADD COLUMN q int REFERENCES a, ADD CONSTRAINT pq UNIQUE (p, q), DROP COLUMN x",
        "ALTER TABLE a DROP COLUMN p, ADD COLUMN p text",
        "DROP TABLE IF EXISTS a, nope CASCADE",
    ],
    "named constraints in columns": [
        "CREATE TABLE t (id int CONSTRAINT pk PRIMARY KEY, e text COLLATE \"C\" CONSTRAINT nn NOT NULL CONSTRAINT u UNIQUE DEFERRABLE, f int CONSTRAINT \"F k\" REFERENCES t)",
        "ALTER TABLE t VALIDATE CONSTRAINT \"F k\"",
        "ALTER TABLE t ALTER CONSTRAINT \"F k\" DEFERRABLE",
        "ALTER TABLE t CLUSTER ON pk",
    ],
    "rules, statistics, publications, grants": [
        A,
        "CREATE RULE r AS ON INSERT TO a DO NOTHING",
        "CREATE STATISTICS st ON x, y FROM a",
        "COMMENT ON TABLE a IS 'x'",
        "CREATE PUBLICATION pub FOR TABLE a",
        "DROP PUBLICATION pub",
        "ALTER TABLE a REPLICA IDENTITY FULL",
        "ALTER TABLE a DISABLE TRIGGER ALL",
        "ALTER TABLE a SET (fillfactor = 70)",
        "ALTER TABLE a FORCE ROW LEVEL SECURITY",
        "GRANT SELECT ON a TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "DROP RULE r ON a",
        "DROP STATISTICS st",
    ],
    "columns of another type": [
        "CREATE TYPE o AS ENUM ('a','b')",
        "CREATE TABLE t (s text DEFAULT 'a', k o DEFAULT 'a')",
        "ALTER TABLE t ALTER s DROP DEFAULT",
        "ALTER TABLE t ALTER s SET DATA TYPE o USING s::o",
        "ALTER TYPE o RENAME TO o_old",
        "CREATE TYPE o AS ENUM ('a','c')",
        "ALTER TABLE t ALTER k DROP DEFAULT, ALTER k TYPE o USING k::text::o, ALTER s TYPE o USING s::text::o",
        "DROP TYPE o_old",
        "ALTER TABLE t ALTER k SET DEFAULT 'c'",
    ],
    "policies": [
        A,
        "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY p ON a FOR SELECT TO PUBLIC USING (true)",
        "ALTER POLICY p ON a RENAME TO q",
        "ALTER POLICY q ON a USING (x > 0)",
        "ALTER TABLE a DROP COLUMN x CASCADE",
        "DROP POLICY IF EXISTS q ON a",
    ],
    "a policy that reads another table": [
        A,
        "CREATE TABLE o (id int)",
        "CREATE POLICY p ON a USING (x IN (SELECT id FROM o))",
        "DROP TABLE o CASCADE",
    ],
    "a function in defaults, checks, indexes and views": [
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE t (a int DEFAULT f(), b int CHECK (f() > 0))",
        "CREATE INDEX i ON t ((a + 1))",
        "CREATE VIEW v AS SELECT f() AS f",
        "DROP FUNCTION f() CASCADE",
    ],
    "identity and serial columns renamed": [
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, k smallserial, UNIQUE NULLS NOT DISTINCT (k))",
        "ALTER TABLE t RENAME COLUMN id TO ident",
        "ALTER TABLE t ALTER ident SET DATA TYPE int",
        "ALTER TABLE t ADD z bigserial",
        "ALTER TABLE t RENAME TO tt",
        "ALTER TABLE tt ADD w serial",
        "DROP SEQUENCE t_k_seq CASCADE",
    ],
    "an extension with operator classes": [
        "CREATE EXTENSION pg_trgm SCHEMA public",
        "CREATE TABLE t (n text)",
        "CREATE INDEX ti ON t USING gin (n gin_trgm_ops)",
        "CREATE SCHEMA ext",
        "ALTER EXTENSION pg_trgm SET SCHEMA ext",
        "DROP EXTENSION pg_trgm CASCADE",
    ],
    "names that are too long": [
        "CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (id int PRIMARY KEY, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb int UNIQUE, FOREIGN KEY (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb) REFERENCES aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)",
        "CREATE INDEX ON aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, id)",
    ],
    "unlogged tables and guards": [
        "CREATE UNLOGGED TABLE u (id int)",
        "ALTER TABLE u SET LOGGED",
        "CREATE TABLE IF NOT EXISTS u (id int, z int)",
        "ALTER TABLE u ADD IF NOT EXISTS z int, ADD IF NOT EXISTS z int",
        "ALTER TABLE IF EXISTS gone RENAME TO gone2",
        "ALTER TABLE u RENAME z TO zz",
        "TRUNCATE u",
    ],
    "views renamed": [
        A,
        "CREATE VIEW v (k) AS SELECT id FROM a",
        "ALTER VIEW v RENAME COLUMN k TO kk",
        "ALTER VIEW v RENAME TO vv",
        "ALTER TABLE vv RENAME TO vvv",
        "CREATE RECURSIVE VIEW rv (n) AS SELECT 1",
        "DROP VIEW vvv, rv",
    ],
    "search paths": [
        "CREATE SCHEMA app2",
        "SET search_path TO app2, public; CREATE TABLE q (id serial PRIMARY KEY); CREATE INDEX qi ON q (id)",
        "SET LOCAL search_path = public; CREATE TABLE q (id int)",
        "SELECT set_config('search_path', 'app2', false); CREATE TABLE q2 (id int); SELECT set_config('search_path', 'public', false)",
    ],
    "indexes of dropped columns": [
        A,
        "CREATE INDEX i ON a (x, y) WHERE x > 0",
        "CREATE INDEX j ON a (x) INCLUDE (y)",
        "CREATE INDEX k ON a ((y || 'q')) WHERE x > 0",
        "ALTER TABLE a DROP COLUMN x",
        "CREATE INDEX l ON a (id) INCLUDE (y)",
        "ALTER TABLE a DROP y",
    ],
    "foreign keys to dropped keys": [
        "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE)",
        "CREATE TABLE u (a int REFERENCES t, b int REFERENCES t (b) ON DELETE SET NULL)",
        "ALTER TABLE t DROP COLUMN b CASCADE",
        "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE",
    ],
    "names of checks": [
        "CREATE TABLE s (id int, CONSTRAINT s_check CHECK (id > 1), CHECK (id > 2), CHECK (id > 3))",
        "ALTER TABLE s ADD CHECK (id > 4)",
        "ALTER TABLE s ADD CHECK (id > 5), ADD CHECK (true)",
        "ALTER TABLE s ADD c int CHECK (c > 0) CHECK (c > 1)",
    ],
};

before(async () => {
    await client.connect();
    await client.query("set client_min_messages = error");
});
after(async () => {
    fold.end();
    await client.end();
});

async function reset() {
    const { rows } = await client.query(
        `select format('drop schema %I cascade', nspname) as sql from pg_namespace where nspname !~ '^(pg_|information_schema$)'
         union all select format('drop extension %I cascade', extname) from pg_extension where extname <> 'plpgsql'`,
    );
    for (const { sql } of rows) await client.query(sql).catch(() => {}); // some went with another
    await client.query("create schema public; set search_path to default");
    fold.reset();
    await fold.apply('CREATE SCHEMA IF NOT EXISTS "public"');
}

function describe(fact, why) {
    return `${fact.kind} ${[fact.schema, fact.table, fact.name].filter(Boolean).join(".")} is ${fact.there ? "there" : "gone"} by the fold, ${why}`;
}

for (const [name, statements] of Object.entries(sequences)) {
    test(name, async () => {
        await reset();
        for (const sql of statements) {
            await client.query(sql); // in a transaction of its own
            await client.query("set search_path to default");
            const { facts, status } = await fold.apply(sql);
            assert.equal(status, "0 0", sql);
            const catalogs = await readCatalogs(client);
            const wrong = facts.map((fact) => [fact, isWrong(fact, catalogs)]).filter(([, why]) => why);
            assert.deepEqual(wrong.map(([fact, why]) => describe(fact, why)), [], `after ${sql}`);
        }
    });
}
