/* The order of the consistent journal. The marks: 0000_a 6, 0001_b 209, 0002_c 867, 0003_d 312,
 * 0004_e 169. */
#include "fixture.h"

/* 0001_b goes between its neighbours, and before 0004_e, which may need it. The neighbours of 0003_d
 * are in the wrong order. */
static void what_is_unlisted_stands_between_its_numbers_or_after_all_smaller_ones(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d", "0004_e");
    ENTRIES(world, "0000_a@1000", "0004_e@4000", "0002_c@5000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@4500", "file:0002_c@5000", "file:0003_d@4600",
           "file:0004_e@4000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@4500#1, 0004_e@4000#2, 0002_c@5000#3, 0003_d@4600#4");
}

static void a_late_branch_with_lower_numbers_does_not_draw_what_is_unlisted_behind_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d", "0004_e");
    ENTRIES(world, "0002_c@1000", "0004_e@2000#1", "0000_a@3000#2", "0001_b@4000#3");
    fresh_ledger(world, "one");
    look(world);
    assert_served("0002_c@1000#0, 0003_d@42312#1, 0004_e@2000#2, 0000_a@3000#3, 0001_b@4000#4");
}

static void what_ran_nowhere_does_not_come_before_anything_that_ran(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0002_c@2000#2", "0003_d@3000#3");
    LEDGER(world, "one", "file:0000_a@1000", "file:0002_c@2000");
    fresh_ledger(world, "two");
    look(world);
    assert_served("0000_a@1000#0, 0002_c@2000#2, 0001_b@28209#3, 0003_d@3000#4");
}

static void files_without_a_number_come_last_and_in_order_of_their_names(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "seed", "base", "0001_b");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "include seed\ninclude base\n");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@26209#1, base@70527#2, seed@100972#3");
}

static void the_sort_by_lower_bound_is_stable(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d", "0004_e");
    ENTRIES(world, "0000_a@1000", "0001_b@1100", "0002_c@1200", "0003_d@1300", "0004_e@1400");
    LEDGER(world, "db", "file:0001_b@1100", "file:0003_d@5000");
    look(world);
    assert_served("0001_b@1100#1, 0003_d@1300#3, 0000_a@8006#4, 0002_c@20867#5, 0004_e@61169#6");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(what_is_unlisted_stands_between_its_numbers_or_after_all_smaller_ones),
        world_test(a_late_branch_with_lower_numbers_does_not_draw_what_is_unlisted_behind_it),
        world_test(what_ran_nowhere_does_not_come_before_anything_that_ran),
        world_test(files_without_a_number_come_last_and_in_order_of_their_names),
        world_test(the_sort_by_lower_bound_is_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
