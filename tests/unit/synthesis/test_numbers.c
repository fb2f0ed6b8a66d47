#include "fixture.h"

static const struct synthesis_entry *served_entry(const struct world *world, const char *tag) {
    size_t index = (size_t)(migration(world, tag) - world->view->join->migrations);
    const struct synthesis_entry *entry = plan_entry(world->view->synthesis, index);
    assert_non_null(entry);
    return entry;
}

static void an_idx_is_kept_while_it_rises_and_else_goes_on(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000#5", "0001_b@2000#5", "0002_c@3000#3", "0003_d@4000#9");
    look(world);
    assert_served("0000_a@1000#5, 0001_b@2000#6, 0002_c@3000#7, 0003_d@4000#9");
}

static void a_new_entry_takes_the_number_in_its_name_where_idx_stays_rising(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0007_x", "0009_y");
    ENTRIES(world, "0000_a@1000#2");
    look(world);
    assert_int_equal(served_entry(world, "0007_x")->idx, 7);
    assert_int_equal(served_entry(world, "0009_y")->idx, 9);
}

static void a_number_that_would_not_rise_gives_way_to_the_next(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0003_d", "0020_x");
    /* 0003_d has run and is placed between; idx 20 of the next entry is kept. */
    ENTRIES(world, "0000_a@1000#4", "0020_x@3000#20");
    LEDGER(world, "db", "file:0000_a@1000", "file:0003_d@2000", "file:0020_x@3000");
    look(world);
    assert_served("0000_a@1000#4, 0003_d@2000#5, 0020_x@3000#20");
}

static void a_number_above_an_idx_that_follows_gives_way_to_the_next(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0007_n", "0009_y");
    ENTRIES(world, "0000_a@1000#0", "0009_y@3000#5");
    LEDGER(world, "db", "file:0000_a@1000", "file:0007_n@2000", "file:0009_y@3000");
    look(world);
    assert_served("0000_a@1000#0, 0007_n@2000#1, 0009_y@3000#5");
}

static void a_date_in_a_name_is_no_idx(void **state) {
    struct world *world = *state;
    FILES(world, "20250101000000_a", "1700000000_b");
    look(world);
    assert_int_equal(served_entry(world, "1700000000_b")->idx, 0);
    assert_int_equal(served_entry(world, "20250101000000_a")->idx, 1);
}

static void a_missing_or_odd_idx_counts_as_new(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0005_b", "0006_c");
    journal(world, "{\"entries\":[{\"idx\":\"0\",\"when\":1000,\"tag\":\"0000_a\"},{\"when\":2000,\"tag\":\"0005_b\"},"
                   "{\"idx\":-1,\"when\":3000,\"tag\":\"0006_c\"}]}");
    look(world);
    assert_served("0000_a@1000#0, 0005_b@2000#5, 0006_c@3000#6");
    assert_true(served_entry(world, "0005_b")->is_idx_new);
    assert_false(served_entry(world, "0005_b")->is_new);
}

static void by_position_idx_counts_from_zero(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0007_b", "0009_c");
    ENTRIES(world, "0000_a@1000#0", "0007_b@2000#7");
    world->options.idx = IDX_POSITION;
    look(world);
    assert_int_equal(served_entry(world, "0000_a")->idx, 0);
    assert_int_equal(served_entry(world, "0007_b")->idx, 1);
    assert_int_equal(served_entry(world, "0009_c")->idx, 2);
    assert_false(served_entry(world, "0000_a")->is_idx_new);
    assert_true(served_entry(world, "0007_b")->is_idx_new);
}

/* drizzle-kit numbers the next file and its snapshot by the last idx plus 1. */
static void the_last_idx_is_raised_above_snapshots_that_the_next_generate_would_overwrite(void **state) {
    struct world *world = *state;
    FILES(world, "0019_a", "0020_b", "0021_c");
    ENTRIES(world, "0019_a@1000#16", "0020_b@2000#17", "0021_c@3000#18");
    look(world);
    assert_served("0019_a@1000#16, 0020_b@2000#17, 0021_c@3000#21");
    world->options.idx = IDX_POSITION;
    look(world);
    assert_served("0019_a@1000#0, 0020_b@2000#1, 0021_c@3000#2");
}

static void a_number_of_five_digits_is_no_idx(void **state) {
    struct world *world = *state;
    FILES(world, "9998_a", "9999_b", "10000_c");
    ENTRIES(world, "9998_a@1000#3");
    look(world);
    assert_served("9998_a@1000#3, 9999_b@53813#9999, 10000_c@101194#10000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(the_last_idx_is_raised_above_snapshots_that_the_next_generate_would_overwrite),
        world_test(a_number_of_five_digits_is_no_idx),
        world_test(an_idx_is_kept_while_it_rises_and_else_goes_on),
        world_test(a_new_entry_takes_the_number_in_its_name_where_idx_stays_rising),
        world_test(a_number_that_would_not_rise_gives_way_to_the_next),
        world_test(a_number_above_an_idx_that_follows_gives_way_to_the_next),
        world_test(a_date_in_a_name_is_no_idx),
        world_test(a_missing_or_odd_idx_counts_as_new),
        world_test(by_position_idx_counts_from_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
