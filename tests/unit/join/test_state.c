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

/* The tag of the entry at which the run in the only database fails, or "-". The second entry of the
 * journal has this `when`. */
static struct text failing_at(struct world *world, const char *when) {
    char second[128];
    snprintf(second, sizeof second, "0001_b@%s", when);
    entries(world, (const char *const[]){"0000_a@1000", second, "0002_c@2000.5", NULL});
    look(world);
    const struct join_item *item = world->view->join->databases[0].failing;
    const struct journal_entry *failing = item ? item->entry : NULL;
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

static void the_states_in_one_database_follow_from_file_entry_row_and_watermark(void **state) {
    struct world *world = *state;
    FILES(world, "0000_applied", "0001_modified", "0002_skipped", "0003_rerun", "0004_changed_rerun", "0005_pending",
          "0006_not_listed", "0007_unlisted_run");
    ENTRIES(world, "0000_applied@1000", "0001_modified@2000", "0002_skipped@1500", "0003_rerun@4000",
            "0004_changed_rerun@6000", "0005_pending@5000", "0008_gone@3000", "0009_gone@9000");
    LEDGER(world, "db", "file:0000_applied@1000", "text:before@2000", "file:0003_rerun@2100",
           "raw:0004_changed_rerun@2200", "file:0007_unlisted_run@2500", "text:gone@3000");
    look(world);
    assert_in(0, "0000_applied applied hash+stamp, 0001_modified modified stamp, 0002_skipped skipped -, "
                 "0003_rerun rerun hash, 0004_changed_rerun rerun name, 0005_pending pending -, "
                 "0006_not_listed not-applied -, 0007_unlisted_run applied hash, 0008_gone missing stamp, "
                 "0009_gone missing -");
    assert_overall("0000_applied applied, 0001_modified modified, 0002_skipped skipped, 0003_rerun rerun, "
                   "0004_changed_rerun rerun, 0005_pending pending, 0006_not_listed unjournaled, "
                   "0007_unlisted_run unjournaled, 0008_gone missing, 0009_gone missing");
}

static void a_stamp_equal_to_the_watermark_is_not_above_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@1000", "0002_c@1001");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b skipped -, 0002_c pending -");
}

static void in_a_fresh_or_empty_database_everything_runs(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@\"soon\"");
    fresh_ledger(world, "fresh");
    empty_ledger(world, "empty");
    look(world);
    assert_in(0, "0000_a pending -, 0001_b pending -");
    assert_in(1, "0000_a pending -, 0001_b pending -");
}

static void a_null_stamp_makes_all_run_again(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000", "text:x@NULL");
    look(world);
    assert_in(0, "0000_a rerun hash+stamp, 0001_b pending -");
}

static void a_when_that_is_no_number_compares_with_nothing(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@\"soon\"", "0002_c@null", "0003_d@\"5000\"");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b skipped -, 0002_c skipped -, 0003_d pending -");
}

static void a_when_beyond_what_javascript_counts_still_compares(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@20251005090321000", "0002_c@1000.5");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b pending -, 0002_c pending -");
}

static void a_database_that_cannot_be_read_is_unknown_whatever_its_last_rows_say(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0002_gone@2000");
    LEDGER(world, "last", "file:0000_a@1000");
    fail_ledger(world);
    unread_ledger(world, "never");
    look(world);
    assert_in(0, "0000_a unknown hash+stamp, 0001_b unknown -, 0002_gone unknown -");
    assert_in(1, "0000_a unknown -, 0001_b unknown -, 0002_gone unknown -");
    assert_overall("0000_a unknown, 0001_b unjournaled, 0002_gone missing");
}

static void without_a_database_what_is_listed_is_journaled(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "seed");
    ENTRIES(world, "0000_a@1000", "0002_gone@2000");
    look(world);
    assert_overall("0000_a journaled, 0001_b unjournaled, 0002_gone missing, seed excluded");
}

/* One migration with its states in two databases: the first rule that fits applies. */

static void the_overall_state_is_the_first_that_fits(void **state) {
    struct world *world = *state;
    FILES(world, "0000_rerun", "0001_skipped", "0002_modified", "0003_pending", "0004_applied", "0005_last");
    ENTRIES(world, "0000_rerun@7000", "0001_skipped@1000", "0002_modified@2000", "0003_pending@5500",
            "0004_applied@4000", "0005_last@5000");
    LEDGER(world, "one", "file:0000_rerun@100", "text:x@2000", "file:0003_pending@3000", "file:0004_applied@4000",
           "file:0005_last@5000");
    LEDGER(world, "two", "file:0001_skipped@1000", "file:0002_modified@2000", "file:0004_applied@4000",
           "file:0005_last@5000");
    look(world);
    assert_in(0, "0000_rerun rerun hash, 0001_skipped skipped -, 0002_modified modified stamp, "
                 "0003_pending rerun hash, 0004_applied applied hash+stamp, 0005_last applied hash+stamp");
    assert_in(1, "0000_rerun pending -, 0001_skipped applied hash+stamp, 0002_modified applied hash+stamp, "
                 "0003_pending pending -, 0004_applied applied hash+stamp, 0005_last applied hash+stamp");
    assert_overall("0000_rerun rerun, 0001_skipped skipped, 0002_modified modified, 0003_pending rerun, "
                   "0004_applied applied, 0005_last applied");
}

static void skipped_comes_before_pending_and_pending_before_unknown(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@3000");
    LEDGER(world, "one", "text:x@2000");
    unread_ledger(world, "two");
    look(world);
    assert_overall("0000_a skipped, 0001_b pending");
}

static void held_comes_before_what_the_databases_say(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0000_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0000_b@900");
    LEDGER(world, "two", "file:0000_a@1000");
    look(world);
    assert_overall("0000_a applied, 0000_b held");
    assert_in(0, "0000_a applied hash+stamp, 0000_b applied hash");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(the_states_in_one_database_follow_from_file_entry_row_and_watermark),
        world_test(a_stamp_equal_to_the_watermark_is_not_above_it),
        world_test(in_a_fresh_or_empty_database_everything_runs),
        world_test(a_null_stamp_makes_all_run_again),
        world_test(a_when_that_is_no_number_compares_with_nothing),
        world_test(a_when_beyond_what_javascript_counts_still_compares),
        world_test(a_database_that_cannot_be_read_is_unknown_whatever_its_last_rows_say),
        world_test(without_a_database_what_is_listed_is_journaled),
        world_test(the_overall_state_is_the_first_that_fits),
        world_test(skipped_comes_before_pending_and_pending_before_unknown),
        world_test(held_comes_before_what_the_databases_say),
        world_test(an_entry_listed_twice_runs_if_either_of_them_would),
        world_test(a_run_fails_at_the_first_entry_whose_stamp_is_compared_and_cannot_be_recorded),
        world_test(on_an_empty_database_every_entry_runs_and_null_is_recorded),
        world_test(a_below_zero_watermark_lets_null_and_true_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
