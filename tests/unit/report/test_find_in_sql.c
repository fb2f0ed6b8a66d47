/* Problems of several statements together, by their words or, if the test says so, by the
 * parser. */
#include "effects.h"

#define BREAK "\n--> statement-breakpoint\n"

static void listed(struct world *world, const char *first, const char *second) {
    file(world, "0000_a.sql", first);
    file(world, "0001_b.sql", second);
    mkdir(in_folder(world->folder, "meta"), 0755);
    put(world->folder, "meta/0000_snapshot.json", "{}");
    put(world->folder, "meta/0001_snapshot.json", "{}");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
}

/* The problems of two migrations that have not run, without a database. */
static struct text codes(struct world *world, const char *first, const char *second) {
    listed(world, first, second);
    look(world);
    return codes_without(world, "");
}

static void a_text_that_two_files_have_fails_the_second_time(void **state) {
    struct world *world = *state;
    assert_text(codes(world, "CREATE TABLE a (x int);", "  CREATE TABLE a (x int);\n"), "same-sql");
    assert_text(
        problem(world, "same-sql"),
        "0001_b.sql: warning: holds the same text as 0000_a: where both run, the second fails, or undoes what came "
        "in between; while it has run nowhere, empty 0001_b.sql of it and leave a comment in its place "
        "[same-sql]");
}

static void guarded_statements_and_data_may_be_repeated(void **state) {
    struct world *world = *state;
    assert_text(codes(world, "CREATE TABLE IF NOT EXISTS a (x int);", "CREATE TABLE IF NOT EXISTS a (x int);"), "");
    assert_text(codes(world, "INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (1);"), "");
    assert_text(codes(world, "DROP TABLE IF EXISTS a;", "DROP TABLE IF EXISTS a;" BREAK "CREATE TABLE b (x int);"), "");
}

static void a_statement_that_one_repeats_is_named_with_its_line(void **state) {
    struct world *world = *state;
    const char *second = "CREATE TABLE b (x int);" BREAK "CREATE TABLE a (x int);";
    assert_text(codes(world, "CREATE TABLE a (x int);", second), "same-sql");
    assert_true(text_starts(problem(world, "same-sql"),
                            "0001_b.sql:3: warning: repeats `create table a ( x int )` of 0000_a: "));
    assert_holds_text(problem(world, "same-sql"), "empty 0001_b.sql of this statement");
}

static void what_is_undone_between_the_two_may_be_done_again(void **state) {
    struct world *world = *state;
    const char *make = "CREATE TABLE a (x int);";
    assert_text(codes(world, make, "DROP TABLE a;" BREAK "CREATE TABLE a (x int);"), "");
    assert_text(codes(world, make, "ALTER TABLE a RENAME TO old;" BREAK "CREATE TABLE a (x int);"), "");
    assert_text(codes(world, make, "DROP TABLE z;" BREAK "CREATE TABLE a (x int);"), "same-sql");
    assert_text(codes(world, "CREATE TABLE t (x int);" BREAK "CREATE INDEX i ON t (x);",
                      "DROP TABLE t;" BREAK "CREATE TABLE t (y int);" BREAK "CREATE INDEX i ON t (x);"),
                "");
}

static void one_that_has_run_nowhere_gives_way(void **state) {
    struct world *world = *state;
    listed(world, "CREATE TABLE a (x int);", "CREATE TABLE a (x int); ");
    LEDGER(world, "db", "file:0001_b@2000");
    look(world);
    assert_holds_text(problem(world, "same-sql"), "0000_a.sql: error: holds the same text as 0001_b");
    assert_holds_text(problem(world, "same-sql"), "; empty 0000_a.sql of it");
    LEDGER(world, "other", "file:0000_a@1000");
    look(world);
    assert_holds_text(problem(world, "same-sql"), "; each has run somewhere: make it harmless in both");
    LEDGER(world, "both", "file:0000_a@1000", "file:0001_b@2000");
    ledger_destroy(world->ledgers[0]);
    ledger_destroy(world->ledgers[1]);
    world->ledgers[0] = world->ledgers[2];
    world->ledger_count = 1;
    look(world);
    assert_problems("");
    unread_ledger(world, "down");
    look(world);
    assert_text(codes_without(world, "database-unreadable"), "");
}

static void what_one_transaction_cannot_hold_is_named_where_some_database_lacks_it(void **state) {
    struct world *world = *state;
    const char *second = "CREATE TABLE b (x int);" BREAK "CREATE INDEX CONCURRENTLY i ON b (x);" BREAK "VACUUM;";
    assert_text(codes(world, "SELECT 1;", second), "in-transaction");
    assert_true(text_starts(problem(world, "in-transaction"), "0001_b.sql:3: error: CREATE INDEX CONCURRENTLY: "));
    assert_holds_text(problem(world, "in-transaction"), "which this statement cannot be in");
    assert_text(codes(world, "SELECT 1;", "COMMIT;"), "in-transaction");
    assert_holds_text(problem(world, "in-transaction"), "which this statement ends, so that a later failure");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_problems("");
}

#define ADD "ALTER TYPE mood ADD VALUE 'happy';"

static void a_value_that_is_added_cannot_be_used_in_the_same_run(void **state) {
    struct world *world = *state;
    assert_text(codes(world, ADD, "ALTER TABLE p ALTER COLUMN m SET DEFAULT 'happy'::mood;"), "in-transaction");
    assert_true(text_starts(problem(world, "in-transaction"),
                            "0001_b.sql:1: note: uses the value 'happy' that 0000_a adds to the enum mood"));
    assert_text(codes(world, ADD BREAK "SELECT 'happy'::mood;", "SELECT 1;"), "in-transaction");
    assert_true(text_starts(problem(world, "in-transaction"),
                            "0000_a.sql:3: note: uses the value 'happy' that it itself adds to the enum mood"));
    assert_text(codes(world, ADD, "SELECT 'sad'::mood;"), "");
    assert_text(codes(world, "SELECT 'happy'::mood;", ADD), "");
    assert_text(codes(world, "SELECT 'happy'::mood;" BREAK ADD, "SELECT 1;"), "");
    assert_text(codes(world, ADD, "ALTER TYPE mood ADD VALUE 'glad' BEFORE 'happy';"), "");
    assert_text(codes(world, ADD, "INSERT INTO words VALUES ('happy');"), "");
}

/* Each value is sought in each statement after it: without a limit this takes longer than the test
 * may. */
static void the_search_for_uses_of_values_has_an_end(void **state) {
    enum { MANY = 30000, LINE = 48 };
    struct world *world = *state;
    char *values = malloc((size_t)MANY * LINE), *uses = malloc((size_t)MANY * LINE), *end = values, *end_of_uses = uses;
    assert_true(values && uses);
    for (int i = 0; i < MANY; i++) {
        end += snprintf(end, LINE, "ALTER TYPE mood ADD VALUE 'v%d';\n", i);
        end_of_uses += snprintf(end_of_uses, LINE, "SELECT 'w%d'::mood;\n", i);
    }
    assert_text(codes(world, values, uses), "");
    free(values);
    free(uses);
}

static void a_table_with_a_column_of_the_type_may_use_it(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "CREATE TYPE mood AS ENUM ('sad');" BREAK "CREATE TABLE p (m mood);");
    file(world, "0001_b.sql", ADD);
    file(world, "0002_c.sql", "INSERT INTO p VALUES ('happy');");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    for (int by_parser = 0; by_parser < 2; by_parser++) {
        struct effects_input *input = world->effects;
        world->effects = by_parser ? input : NULL;
        look(world);
        world->effects = input;
        assert_text(codes_without(world, "pending snapshot-missing"), "in-transaction");
        assert_true(text_starts(problem(world, "in-transaction"), "0002_c.sql:1: warning: uses the value 'happy'"));
    }
    LEDGER(world, "other", "file:0000_a@1000", "file:0001_b@2000");
    ledger_destroy(world->ledgers[0]);
    world->ledgers[0] = world->ledgers[--world->ledger_count];
    look(world);
    assert_text(codes_without(world, "pending snapshot-missing"), "");
}

static void the_parser_sees_through_spelling_and_comments(void **state) {
    struct world *world = *state;
    listed(world, "CREATE TABLE a (x int);", "create table public.a (\"x\" integer); -- again");
    look(world);
    assert_text(codes_without(world, "effects-unknown"), "same-sql");
    assert_holds_text(problem(world, "same-sql"), "holds the same statements as 0000_a");
    listed(world, ADD, "INSERT INTO words VALUES ('happy'); -- of no mood");
    look(world);
    assert_text(codes_without(world, "effects-unknown"), "");
}

static void a_value_that_a_block_adds_is_known_by_the_parser(void **state) {
    struct world *world = *state;
    listed(world, "DO $$ BEGIN ALTER TYPE mood ADD VALUE 'it''s'; EXCEPTION WHEN duplicate_object THEN null; END $$;",
           "ALTER TABLE p ALTER COLUMN m SET DEFAULT 'it''s'::mood;");
    look(world);
    assert_text(codes_without(world, "effects-unknown"), "in-transaction");
    assert_holds_text(problem(world, "in-transaction"), "uses the value 'it''s' that 0000_a adds to the enum mood");
}

static void a_block_may_use_a_value_that_it_or_another_file_adds(void **state) {
    struct world *world = *state;
    listed(world, ADD, "DO $$ BEGIN INSERT INTO p VALUES ('happy'::mood); END $$;");
    look(world);
    assert_text(codes_without(world, "effects-unknown"), "in-transaction");
    assert_holds_text(problem(world, "in-transaction"), "0001_b.sql:1: note: uses the value 'happy' that 0000_a adds");
    listed(world, "SELECT 1;",
           "DO $$ BEGIN ALTER TYPE mood ADD VALUE 'happy'; UPDATE p SET m = 'happy'::mood; END $$;");
    look(world);
    assert_holds_text(problem(world, "in-transaction"),
                      "0001_b.sql:1: note: uses the value 'happy' that it itself adds");
    listed(world, ADD, "DO $$ BEGIN IF EXISTS (SELECT 1) THEN INSERT INTO p VALUES ('happy'::mood); END IF; END $$;");
    look(world);
    assert_text(codes_without(world, "effects-unknown"), "");
}

static struct effects_input *none;

static int by_words(void **state) {
    effects_world_create(state);
    struct world *world = *state;
    none = world->effects;
    world->effects = NULL;
    return 0;
}

static int by_words_end(void **state) {
    struct world *world = *state;
    world->effects = none;
    return effects_world_destroy(state);
}

#define words_test(function) cmocka_unit_test_setup_teardown(function, by_words, by_words_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        words_test(a_text_that_two_files_have_fails_the_second_time),
        words_test(guarded_statements_and_data_may_be_repeated),
        words_test(a_statement_that_one_repeats_is_named_with_its_line),
        words_test(what_is_undone_between_the_two_may_be_done_again),
        words_test(one_that_has_run_nowhere_gives_way),
        words_test(what_one_transaction_cannot_hold_is_named_where_some_database_lacks_it),
        words_test(the_search_for_uses_of_values_has_an_end),
        words_test(a_value_that_is_added_cannot_be_used_in_the_same_run),
        effects_test(a_table_with_a_column_of_the_type_may_use_it),
        effects_test(a_value_that_a_block_adds_is_known_by_the_parser),
        effects_test(a_block_may_use_a_value_that_it_or_another_file_adds),
        effects_test(the_parser_sees_through_spelling_and_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
