/* Problems of a database's rows. */
#include "fixture.h"
#include "marks.h"

static void rows_of_a_second_run_are_counted(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    struct ledger *one = LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0001_b@2000");
    assert_non_null(one);
    look(world);
    assert_holds_text(problem(world, "repeated-row"), "1 of its 3 rows is from a second run of 0001_b (id ");
    assert_holds_text(problem(world, "repeated-row"), "still counts its created_at");
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_holds_text(problem(world, "repeated-row"), "2 of its 4 rows are from a second run of ");
    assert_holds_text(problem(world, "repeated-row"), "still counts their created_at");
}

static void rows_that_several_migrations_may_have_left_are_counted(void **state) {
    struct world *world = *state;
    char tags[2][32], lines[2][64];
    two_with_one_mark(tags);
    for (size_t i = 0; i < 2; i++) {
        snprintf(lines[i], sizeof lines[i], "text:as it was %zu@%lld", i,
                 (long long)stamp_marked(stamp_mark(text_of(tags[0])), 5000));
    }
    files(world, (const char *const[]){"x_z", tags[0], tags[1], NULL});
    ENTRIES(world, "x_z@5000");
    struct ledger *one = ledger(world, "db", (const char *const[]){"file:x_z@5000", lines[0], NULL});
    assert_non_null(one);
    look(world);
    assert_holds_text(problem(world, "unknown-row"), "1 of its 2 rows (id ");
    assert_holds_text(problem(world, "unknown-row"), " has a timestamp that may have been made for any of ");
    assert_holds_text(problem(world, "unknown-row"), ", so it is taken for that of none; ");
    ledger_destroy(world->ledgers[--world->ledger_count]);
    ledger(world, "db", (const char *const[]){"file:x_z@5000", lines[0], lines[1], NULL});
    look(world);
    assert_holds_text(problem(world, "unknown-row"), "2 of its 3 rows (id ");
    assert_holds_text(problem(world, "unknown-row"), " have a timestamp that may have been made for any of ");
    assert_holds_text(problem(world, "unknown-row"), ", so they are taken for that of none; ");
}

static void a_conflict_says_what_drizzle_does_and_what_to_do(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0002_c@3000");
    look(world);
    assert_problems("conflict");
    assert_holds_text(problem(world, "conflict"),
                      "two has not and needs one above 3000, so Drizzle never runs it in database two; if it was run "
                      "there by hand, write `applied 0001_b two` into .migfs; else deploy each database with its own");
    rules_file(world, "ignore conflict\n");
    look(world);
    assert_text(codes_without(world, "conflict"), "skipped");
}

static void a_rule_that_is_a_conflict_explains_the_second_run(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    fresh_ledger(world, "new");
    rules_file(world, "applied 0000_a new\n");
    look(world);
    assert_problems("conflict");
    LEDGER(world, "old", "file:0000_a@500", "text:x@700");
    look(world);
    assert_text(codes_without(world, "unknown-row"), "conflict rerun");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(rows_of_a_second_run_are_counted),
        world_test(rows_that_several_migrations_may_have_left_are_counted),
        world_test(a_conflict_says_what_drizzle_does_and_what_to_do),
        world_test(a_rule_that_is_a_conflict_explains_the_second_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
