/* Windows and timestamps. The marks: 0000_a 6, 0001_b 209, 0002_c 867, 0003_d 312, 0004_e 169,
 * 0005_f 253. */
#include "fixture.h"
#include "migfs/synthesis/refusal.h"

static const struct synthesis_entry *served_entry(const struct world *world, const char *tag) {
    size_t index = (size_t)(migration(world, tag) - world->view->join->migrations);
    const struct synthesis_entry *entry = plan_entry(world->view->synthesis, index);
    assert_non_null(entry);
    return entry;
}

/* ---- without a database ---- */

static void without_a_database_no_stamp_on_disk_is_touched(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0001_b@5000", "0000_a@1000#1", "0002_c@1000#2");
    look(world);
    assert_served("0001_b@5000#0, 0000_a@1000#1, 0002_c@1000#2");
    assert_true(world->view->synthesis->is_identical);
}

static void without_a_database_what_is_new_comes_after_all_entries(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0001_b@7500", "0003_d@5000#3");
    look(world);
    assert_served("0001_b@7500#0, 0003_d@5000#3, 0000_a@10006#4, 0002_c@22867#5");
}

static void what_is_new_comes_after_what_either_side_of_a_merge_has(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    journal(world, "{\"entries\":[\n<<<<<<< HEAD\n{\"idx\":0,\"when\":5000,\"tag\":\"0000_a\"}\n=======\n"
                   "{\"idx\":0,\"when\":900000,\"tag\":\"0000_a\"}\n>>>>>>> late\n]}\n");
    look(world);
    assert_int_equal(world->view->synthesis->entries[0].when, 5000);
    assert_true(world->view->synthesis->entries[1].when > 900000);
}

static void a_journal_for_nothing_on_disk_starts_at_the_first_second(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    look(world);
    assert_served("0000_a@3006#0, 0001_b@28209#1");
    assert_true(served_entry(world, "0000_a")->is_new);
}

static void a_when_that_is_no_stamp_gets_one(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@\"soon\"", "0002_c@\"5000\"");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@30209#1, 0002_c@5000#2");
    assert_true(served_entry(world, "0001_b")->is_when_new);
    assert_false(served_entry(world, "0002_c")->is_when_new);
}

/* ---- timestamps ---- */

static void the_own_stamp_is_kept_where_it_lies_in_the_window(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@2000#1, 0002_c@3000#2");
    assert_int_equal(served_entry(world, "0000_a")->lower, INT64_MIN);
    assert_int_equal(served_entry(world, "0000_a")->upper, 1000);
    assert_int_equal(served_entry(world, "0001_b")->lower, 1000);
    assert_true(world->view->synthesis->is_identical);
}

static void what_would_be_skipped_gets_a_stamp_above_the_watermark(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@9500");
    LEDGER(world, "db", "file:0000_a@1000", "file:0002_c@9500");
    look(world);
    /* After everything that has run, since its lower bound is higher. */
    assert_served("0000_a@1000#0, 0002_c@9500#2, 0001_b@34209#3");
    assert_true(served_entry(world, "0001_b")->is_moved);
    assert_false(served_entry(world, "0002_c")->is_moved);
}

static void what_would_run_again_gets_the_stamp_of_its_row(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@9000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@2000#1");
}

static void a_row_without_a_stamp_of_use_leads_to_a_new_one_below_the_watermark(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@99000", "0002_c@5000");
    rules_file(world, "applied 0001_b\n");
    LEDGER(world, "db", "file:0000_a@1000", "file:0002_c@5000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@1001#1, 0002_c@5000#2");
}

static void where_a_second_overshoots_one_millisecond_above_must_do(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@99000", "0002_c@1500");
    rules_file(world, "applied 0001_b\n");
    LEDGER(world, "db", "file:0000_a@1000", "file:0002_c@1500");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@1001#1, 0002_c@1500#2");
}

static void where_even_that_overshoots_it_comes_out_of_order_with_its_mark(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5500", "0001_b@99000");
    rules_file(world, "applied 0001_b\n");
    LEDGER(world, "db", "file:0000_a@5500");
    look(world);
    assert_served("0000_a@5500#0, 0001_b@5500#1");
    world->view = NULL;
    ledger_destroy(world->ledgers[--world->ledger_count]);
    ENTRIES(world, "0000_a@1100", "0001_b@99000");
    LEDGER(world, "db", "file:0000_a@1100");
    look(world);
    assert_served("0000_a@1100#0, 0001_b@1100#1");
}

/* Only the row and the tag are left of it: no entry, no timestamp beside it, and other bytes. */
static void a_stamp_made_out_of_order_is_known_again(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5500");
    LEDGER(world, "db", "file:0000_a@5500", "text:as it was@30209");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b modified mark");
}

/* 0001_b was edited after it ran; with another timestamp nothing would identify its row. */
static void a_stamp_by_which_alone_a_row_is_told_is_kept_out_of_order(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@2000", "0001_b@1000");
    LEDGER(world, "one", "text:as it was@1000", "file:0000_a@2000");
    fresh_ledger(world, "new");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b modified stamp");
    assert_true(world->view->synthesis->is_identical);
}

static void out_of_order_between_two_databases_stays_within_the_window(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@9000", "0001_b@99000", "0002_c@8000");
    /* 0001_b must be above 3000 and at most 9000; 0000_a, at 9000, has the same lower bound. */
    LEDGER(world, "ahead", "file:0000_a@9000", "file:0001_b@2500", "file:0002_c@8000");
    LEDGER(world, "behind", "text:x@3000");
    rules_file(world, "foreign behind\n");
    look(world);
    assert_served("0000_a@9000#0, 0001_b@3001#1, 0002_c@8000#2");
    assert_int_equal(served_entry(world, "0001_b")->lower, 3000);
    assert_int_equal(served_entry(world, "0001_b")->upper, 9000);
}

static void for_what_ran_everywhere_any_order_will_do(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5000", "0001_b@1000");
    LEDGER(world, "db", "file:0000_a@5000", "file:0001_b@1000");
    look(world);
    assert_served("0000_a@5000#0, 0001_b@1000#1");
    assert_true(world->view->synthesis->is_identical);
}

static void for_what_did_not_the_own_stamp_is_kept_whatever_stands_before_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@5000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@5000#1, 0002_c@3000#2");
}

static void two_equal_stamps_that_are_published_stay(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@5000", "0002_c@5000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@5000#1, 0002_c@5000#2");
}

static void the_stamp_of_an_unlisted_ones_row_is_taken(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0002_c@3000#2");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@3000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@2000#1, 0002_c@3000#2");
}

/* ---- windows of several databases ---- */

static void a_stamp_serves_every_database_at_once(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@900", "0002_c@7000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@6000");
    LEDGER(world, "two", "file:0000_a@3000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@6000#1, 0002_c@7000#2");
    assert_int_equal(served_entry(world, "0001_b")->lower, 3000);
    assert_int_equal(served_entry(world, "0001_b")->upper, 6000);
    assert_int_equal(served_entry(world, "0002_c")->lower, 6000);
}

static void a_database_without_a_row_asks_nothing_of_a_stamp(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    fresh_ledger(world, "new");
    look(world);
    assert_true(world->view->synthesis->is_identical);
    assert_int_equal(served_entry(world, "0000_a")->lower, INT64_MIN);
}

static void with_nothing_below_it_is_as_high_as_it_can_be(void **state) {
    struct world *world = *state;
    FILES(world, "0000_all");
    ENTRIES(world, "0000_all@900000");
    rules_file(world, "applied 0000_all one\n");
    LEDGER(world, "one", "text:x@100000", "text:y@200000");
    look(world);
    const struct synthesis_entry *entry = served_entry(world, "0000_all");
    struct stamp_mark mark = stamp_mark(TEXT("0000_all"));
    int64_t marked = stamp_marked(mark, 100000);
    assert_int_equal(entry->when, marked <= 200000 ? marked : 200000);
    assert_true(entry->when > 100000);
}

static void an_empty_window_is_a_conflict_and_each_database_has_its_own_journal(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "file:0000_a@1000", "text:x@2500");
    look(world);
    const struct synthesis *synthesis = world->view->synthesis;
    assert_int_equal(synthesis->refusal, REFUSAL_CONFLICT);
    assert_int_equal(synthesis->conflict_count, 1);
    assert_int_equal(synthesis->conflicts[0].has, 0);
    assert_int_equal(synthesis->conflicts[0].lacks, 1);
    assert_int_equal(synthesis->count, 0);
    assert_int_equal(synthesis->bytes.length, 0);
    assert_own(0, "0000_a@1000#0, 0001_b@2000#1");
    assert_own(1, "0000_a@1000#0, 0001_b@27209#1");
    assert_holds_text(synthesis_refusal(world->arena, world->view->join, synthesis),
                      "database one has run it and would run it again if its timestamp were above 2000; database two "
                      "has not, and runs it only above 2500");
}

static void equal_watermarks_of_one_that_has_and_one_that_lacks_conflict(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "file:0000_a@2000");
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_CONFLICT);
}

static void a_rule_that_it_ran_where_there_is_no_row_is_a_conflict_of_its_own(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "applied 0000_a new\n");
    fresh_ledger(world, "new");
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_CONFLICT);
    assert_int_equal(world->view->synthesis->conflicts[0].lacks, SIZE_MAX);
    assert_holds_text(synthesis_refusal(world->arena, world->view->join, world->view->synthesis), "no row at all");
}

static void and_it_stays_one_when_another_database_lacks_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "applied 0000_a new\nforeign old\n");
    LEDGER(world, "old", "text:x@500");
    fresh_ledger(world, "new");
    look(world);
    assert_int_equal(world->view->synthesis->conflicts[0].has, 1);
    assert_int_equal(world->view->synthesis->conflicts[0].lacks, SIZE_MAX);
    assert_holds_text(problem(world, "conflict"), "database new, whose ledger has no row");
}

static void every_conflict_is_told(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "text:x@2500");
    rules_file(world, "foreign two\n");
    look(world);
    assert_int_equal(world->view->synthesis->conflict_count, 2);
    assert_problems("conflict conflict");
}

/* ---- order ---- */

static void what_is_new_lies_above_all_that_is_published_dropped_and_doubled_entries_too(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0007_gone@8000", "0000_a@9000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@34209#1");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@34209#1");
}

static void a_published_stamp_of_the_future_draws_nothing_after_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0009_gone@4102444800000", "0000_a@1000");
    look(world);
    assert_served("0000_a@1000#1, 0001_b@26209#2");
}

static void an_empty_database_moves_no_stamp(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5000", "0001_b@1000");
    fresh_ledger(world, "fresh");
    empty_ledger(world, "empty");
    look(world);
    assert_true(world->view->synthesis->is_identical);
}

static void a_database_that_is_behind_moves_only_what_it_would_skip(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@5000", "0001_b@1000", "0002_c@9000", "0003_d@8000");
    LEDGER(world, "behind", "file:0000_a@5000");
    look(world);
    assert_served("0000_a@5000#0, 0001_b@34209#1, 0002_c@9000#2, 0003_d@8000#3");
    assert_true(plan_moves_published(world->view->join, served_entry(world, "0001_b")));
    assert_false(plan_moves_published(world->view->join, served_entry(world, "0003_d")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(what_is_new_lies_above_all_that_is_published_dropped_and_doubled_entries_too),
        world_test(a_published_stamp_of_the_future_draws_nothing_after_it),
        world_test(an_empty_database_moves_no_stamp),
        world_test(a_database_that_is_behind_moves_only_what_it_would_skip),
        world_test(without_a_database_no_stamp_on_disk_is_touched),
        world_test(without_a_database_what_is_new_comes_after_all_entries),
        world_test(what_is_new_comes_after_what_either_side_of_a_merge_has),
        world_test(a_journal_for_nothing_on_disk_starts_at_the_first_second),
        world_test(a_when_that_is_no_stamp_gets_one),
        world_test(the_own_stamp_is_kept_where_it_lies_in_the_window),
        world_test(what_would_be_skipped_gets_a_stamp_above_the_watermark),
        world_test(what_would_run_again_gets_the_stamp_of_its_row),
        world_test(a_row_without_a_stamp_of_use_leads_to_a_new_one_below_the_watermark),
        world_test(where_a_second_overshoots_one_millisecond_above_must_do),
        world_test(where_even_that_overshoots_it_comes_out_of_order_with_its_mark),
        world_test(a_stamp_made_out_of_order_is_known_again),
        world_test(a_stamp_by_which_alone_a_row_is_told_is_kept_out_of_order),
        world_test(out_of_order_between_two_databases_stays_within_the_window),
        world_test(for_what_ran_everywhere_any_order_will_do),
        world_test(for_what_did_not_the_own_stamp_is_kept_whatever_stands_before_it),
        world_test(two_equal_stamps_that_are_published_stay),
        world_test(the_stamp_of_an_unlisted_ones_row_is_taken),
        world_test(a_stamp_serves_every_database_at_once),
        world_test(a_database_without_a_row_asks_nothing_of_a_stamp),
        world_test(with_nothing_below_it_is_as_high_as_it_can_be),
        world_test(an_empty_window_is_a_conflict_and_each_database_has_its_own_journal),
        world_test(equal_watermarks_of_one_that_has_and_one_that_lacks_conflict),
        world_test(a_rule_that_it_ran_where_there_is_no_row_is_a_conflict_of_its_own),
        world_test(and_it_stays_one_when_another_database_lacks_it),
        world_test(every_conflict_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
