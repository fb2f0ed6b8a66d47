/* Problems that only the catalogs show. */
#include "effects.h"

static void a_run_that_will_fail_names_the_statement_at_the_line(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "SELECT 1;\nCREATE TABLE c (x integer);\nSELECT 2;");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE c (y integer);");
    look(world);
    struct text said = problem(world, "half-there");
    assert_holds_text(said, "0001_b.sql: error: ");
    assert_holds_text(said, "line 2");
    file(world, "0001_b.sql", "SELECT 1;\nALTER TABLE gone ADD COLUMN x integer;\nSELECT 2;");
    look(world);
    said = problem(world, "will-abort");
    assert_holds_text(said, "0001_b.sql:2: error: ");
    assert_holds_text(said, "table gone is not there");
    assert_holds_text(said, "alter table gone add column x integer");
}

static void what_was_recorded_and_is_not_there_is_said(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer, y integer);");
    file(world, "0002_c.sql", "CREATE TABLE c (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer);");
    look(world);
    assert_holds_text(problem(world, "not-effective"), "0002_c.sql: ");
    assert_holds_text(problem(world, "partly-effective"), "0001_b.sql: ");
    assert_holds_text(problem(world, "partly-effective"), "column b.y");
}

static void a_repeated_statement_that_fails_is_one_line(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer);\nCREATE TABLE a (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    assert_text(codes_without(world, "pending snapshot-missing"), "same-sql");
    rules_file(world, "ignore same-sql\n");
    look(world);
    assert_text(codes_without(world, "pending snapshot-missing same-sql"), "will-abort");
}

static void a_repeated_text_that_fails_is_one_line(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE public.a (x int);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer);");
    look(world);
    assert_text(codes_without(world, "pending snapshot-missing"), "same-sql");
}

/* It fails because of the table, which another file of the folder did not make here. */
static void another_failure_of_a_repeated_statement_is_a_line_of_its_own(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer);\nCREATE TABLE a (x integer);");
    file(world, "0002_c.sql", "ALTER TABLE gone ADD COLUMN x integer;");
    ENTRIES(world, "0002_c@500", "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", NULL);
    database_holds(world, "");
    look(world);
    assert_text(codes_without(world, "pending snapshot-missing"), "same-sql will-abort");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(a_run_that_will_fail_names_the_statement_at_the_line),
        effects_test(what_was_recorded_and_is_not_there_is_said),
        effects_test(a_repeated_statement_that_fails_is_one_line),
        effects_test(a_repeated_text_that_fails_is_one_line),
        effects_test(another_failure_of_a_repeated_statement_is_a_line_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
