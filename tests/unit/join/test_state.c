#include "fixture.h"

static void an_entry_listed_twice_runs_if_either_of_them_would(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@1500", "0000_a@3000", "0002_c@4000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0001_b@4000");
    look(world);
    assert_in(0, "0000_a rerun hash+stamp, 0001_b applied hash+stamp, 0002_c pending -");
    assert_in(1, "0000_a applied hash+stamp, 0001_b applied hash, 0002_c skipped -");
    assert_holds_text(problem(world, "rerun"), "its when, 3000, is above the newest created_at, 2000;");
}

/* The tag of the entry on which the run in the one database fails, or "-", for a journal whose second entry has this `when`. */
static struct text failing_at(struct world *world, const char *when) {
    char second[128];
    snprintf(second, sizeof second, "0001_b@%s", when);
    entries(world, (const char *const[]){"0000_a@1000", second, "0002_c@2000.5", NULL});
    look(world);
    const struct journal_entry *failing = world->view->join->databases[0].failing;
    return failing ? failing->tag : TEXT("-");
}

static void a_run_fails_at_the_first_entry_whose_stamp_is_compared_and_cannot_be_recorded(void **state) {
    static const struct {
        const char *when, *state, *failing;
    } cases[] = {
        {"1500", "pending", "0002_c"},
        {"1500.5", "pending", "0001_b"},
        {"500.5", "skipped", "0002_c"},
        {"\"1500.5\"", "pending", "0001_b"},
        {"\" 1500 \"", "pending", "0002_c"},
        {"\"15e2\"", "pending", "0001_b"},
        {"\"soon\"", "skipped", "0002_c"},
        {"\"\"", "skipped", "0002_c"},
        {"20251005090321000", "pending", "0002_c"},
        {"\"20251005090321000\"", "pending", "0002_c"},
        {"9223372036854775808", "pending", "0001_b"},
        {"1e30", "pending", "0001_b"},
        {"null", "skipped", "0002_c"},
        {"true", "skipped", "0002_c"},
        {"[1500]", "pending", "0002_c"},
        {"[ [\"1500\"] ]", "pending", "0002_c"},
        {"[1500.5]", "pending", "0001_b"},
        {"[500]", "skipped", "0002_c"},
        {"[]", "skipped", "0002_c"},
        {"[1500, 1]", "skipped", "0002_c"},
        {"[[[[[[[[[[1500]]]]]]]]]]", "skipped", "0002_c"},
    };
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    LEDGER(world, "one", "file:0000_a@1000");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("# when: %s\n", cases[i].when);
        assert_text(failing_at(world, cases[i].when), cases[i].failing);
        assert_string_equal(state_name(migration(world, "0001_b")->state), cases[i].state);
    }
}

static void on_an_empty_database_every_entry_runs_and_null_is_recorded(void **state) {
    static const char *const failing[] = {"\"soon\"", "true", "{}"};
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    empty_ledger(world, "one");
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        assert_text(failing_at(world, failing[i]), "0001_b");
    }
    assert_text(failing_at(world, "null"), "0002_c");
    assert_overall("0000_a pending, 0001_b pending, 0002_c pending");
}

static void a_below_zero_watermark_lets_null_and_true_run(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    LEDGER(world, "one", "file:0000_a@-5");
    assert_text(failing_at(world, "null"), "0002_c");
    assert_int_equal(migration(world, "0001_b")->state, STATE_PENDING);
    assert_text(failing_at(world, "true"), "0001_b");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(an_entry_listed_twice_runs_if_either_of_them_would),
        world_test(a_run_fails_at_the_first_entry_whose_stamp_is_compared_and_cannot_be_recorded),
        world_test(on_an_empty_database_every_entry_runs_and_null_is_recorded),
        world_test(a_below_zero_watermark_lets_null_and_true_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
