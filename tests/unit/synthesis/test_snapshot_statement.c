/* Statements that change a snapshot, that do not, and that are refused. */
#include "snapshots.h"

static void what_changes_no_snapshot_passes(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "UPDATE \"a\" SET \"n\"='y'", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE EXTENSION x", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "GRANT ALL ON a TO me", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "COMMENT ON TABLE a IS 'x'", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN PERFORM 1; END $$", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "SELECT 1", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "WITH x AS (SELECT 1) DELETE FROM a", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CREATE DOMAIN d AS text; DROP DOMAIN d", "tables|public.a|name", "\"a\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "VACUUM", "tables|public.a|name", "\"a\""},
    };
    CHECK_CASES(cases);
}

static void a_do_block_that_guards_its_statement_is_read(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN CREATE TYPE \"public\".\"st\" AS ENUM('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;",
         "enums|public.st|values", "[\"a\"]"},
        {"CREATE TYPE st AS ENUM ('a')",
         "DO $$ BEGIN CREATE TYPE \"public\".\"st\" AS ENUM('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;",
         "enums|public.st|values", "[\"a\"]"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM x WHERE y = (1)) THEN ALTER TABLE a ADD z int; END IF; END $$",
         "tables|public.a|columns|z|type", "\"integer\""},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE a ADD n int; END IF; END $$",
         "tables|public.a|columns|n|type", "\"varchar(255)\""},
    };
    CHECK_CASES(cases);
}

static void a_do_block_with_logic_stands_in_the_way(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN EXECUTE 'ALTER TABLE a ADD x int'; END $$", NULL,
         "a DO block with execute does what only running it would show"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN FOR i IN 1..2 LOOP ALTER TABLE a ADD x int; END LOOP; END $$", NULL,
         "a DO block with loop does what only running it would show"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN IF 1 = 1 THEN DROP TABLE a; END IF; END $$", NULL,
         "a DO block decides by a condition what it does"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN DROP TABLE a; DROP TABLE b; EXCEPTION WHEN duplicate_object THEN null; END $$", NULL,
         "a DO block with an error handler has more than one statement"},
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "DO $$ BEGIN DROP TABLE a; EXCEPTION WHEN others THEN null; END $$", NULL,
         "a DO block handles errors other than duplicates"},
    };
    CHECK_CASES(cases);
}

static void what_is_not_known_stands_in_the_way(void **state) {
    static const struct snapshots_case cases[] = {
        {"CREATE TABLE \"a\" (\"id\" serial PRIMARY KEY NOT NULL, \"n\" varchar(255), \"s\" text, \"created_at\" "
         "timestamp);",
         "CALL p()", NULL, "`CALL p( …` is a statement that snapshots cannot express"},
    };
    CHECK_CASES(cases);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changes_no_snapshot_passes),
        cmocka_unit_test(a_do_block_that_guards_its_statement_is_read),
        cmocka_unit_test(a_do_block_with_logic_stands_in_the_way),
        cmocka_unit_test(what_is_not_known_stands_in_the_way),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
