/* What the catalogs show of single migrations: a line for all databases of which the same is so. */
#include "effects.h"

static size_t count_of(const struct world *world, const char *code) {
    size_t count = 0;
    for (size_t i = 0; i < world->view->problems->count; i++) {
        count += strcmp(world->view->problems->problems[i].code->code, code) == 0;
    }
    return count;
}

static void a_fleet(struct world *world) {
    file(world, "0000_a.sql", "CREATE TABLE a (x integer);");
    file(world, "0001_b.sql", "CREATE TABLE b (x integer, y integer);");
    file(world, "0002_c.sql", "CREATE TABLE c (x integer);");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
}

static void one_line_names_the_databases_of_which_it_is_so(void **state) {
    struct world *world = *state;
    a_fleet(world);
    for (int i = 0; i < 2; i++) {
        LEDGER(world, i == 0 ? "d0" : "d1", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
        database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer);");
    }
    LEDGER(world, "other", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (y integer);");
    look(world);
    assert_int_equal(count_of(world, "not-effective"), 1);
    assert_holds_text(problem(world, "not-effective"), "has a row in databases d0, d1, other, but nothing");
    assert_int_equal(count_of(world, "partly-effective"), 2);
    assert_holds_text(problem(world, "partly-effective"), "has a row in databases d0, d1, but only");
}

static void of_what_ran_by_hand_one_line_says_how_each_is_recorded(void **state) {
    struct world *world = *state;
    a_fleet(world);
    for (int i = 0; i < 2; i++) {
        LEDGER(world, i == 0 ? "d0" : "d1", "file:0000_a@1000");
        database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer, y integer);");
    }
    LEDGER(world, "half", "file:0000_a@1000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer);");
    look(world);
    assert_int_equal(count_of(world, "ran-by-hand"), 1);
    assert_holds_text(problem(world, "ran-by-hand"), "has no row in databases d0, d1, but everything");
    assert_holds_text(problem(world, "ran-by-hand"),
                      "databases/d0/baseline.sql, databases/d1/baseline.sql, each run with psql, record it");
    assert_int_equal(count_of(world, "half-there"), 1);
    assert_holds_text(problem(world, "half-there"), "has no row in database half, but only part");
}

/* Each baseline.sql leaves the same open. */
static void what_the_catalogs_do_not_show_is_said_of_all_files_at_once(void **state) {
    struct world *world = *state;
    a_fleet(world);
    file(world, "0002_c.sql", "INSERT INTO a VALUES (1);");
    for (int i = 0; i < 2; i++) {
        LEDGER(world, i == 0 ? "d0" : "d1", "file:0000_a@1000");
        database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer, y integer);");
    }
    LEDGER(world, "seeded", "file:0000_a@1000", "file:0002_c@3000");
    database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer, y integer);");
    look(world);
    assert_int_equal(count_of(world, "ran-by-hand"), 2);
    assert_holds_text(problem(world, "ran-by-hand"), "has no row in databases d0, d1, but everything");
    assert_holds_text(problem(world, "ran-by-hand"),
                      "databases/d0/baseline.sql, databases/d1/baseline.sql, each run with psql, record it; the "
                      "catalogs do not show whether 0002_c ran: in a copy of each file, first uncomment the row");
}

/* All else is the same of both databases. */
static void what_one_file_leaves_open_is_not_said_of_another(void **state) {
    struct world *world = *state;
    a_fleet(world);
    file(world, "0002_c.sql", "INSERT INTO a VALUES (1);");
    for (int i = 0; i < 2; i++) {
        LEDGER(world, i == 0 ? "d0" : "d1", "file:0000_a@1000");
        database_holds(world, "CREATE TABLE a (x integer); CREATE TABLE b (x integer, y integer);");
    }
    rules_file(world, "applied 0002_c d1\n");
    look(world);
    assert_int_equal(count_of(world, "ran-by-hand"), 2);
    assert_holds_text(problem(world, "ran-by-hand"),
                      "databases/d0/baseline.sql, run with psql, records it; the catalogs do not show whether 0002_c "
                      "ran: in a copy of that file, first uncomment the row");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        effects_test(one_line_names_the_databases_of_which_it_is_so),
        effects_test(of_what_ran_by_hand_one_line_says_how_each_is_recorded),
        effects_test(what_the_catalogs_do_not_show_is_said_of_all_files_at_once),
        effects_test(what_one_file_leaves_open_is_not_said_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
