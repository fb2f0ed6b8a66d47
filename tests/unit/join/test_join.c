#include "fixture.h"

static void a_rule_can_say_that_it_ran_in_one_database_or_in_all(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@900", "0002_c@3000");
    rules_file(world, "applied 0001_b one\napplied 0002_c\n");
    LEDGER(world, "one", "file:0000_a@1000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0002_c@3000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b applied -, 0002_c rerun -");
    assert_in(1, "0000_a applied hash+stamp, 0001_b skipped -, 0002_c applied hash+stamp");
    assert_null(migration(world, "0002_c")->standings[1].applied_by);
    assert_int_equal(migration(world, "0001_b")->standings[0].applied_by->line, 1);
}

static void a_database_whose_rows_are_all_of_others_is_the_wrong_one_unless_a_rule_names_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0001_gone@2000");
    LEDGER(world, "other", "text:x@500");
    LEDGER(world, "gone", "text:x@2000");
    empty_ledger(world, "empty");
    look(world);
    assert_true(world->view->join->databases[0].is_wrong);
    assert_false(world->view->join->databases[1].is_wrong);
    assert_false(world->view->join->databases[2].is_wrong);
    rules_file(world, "applied 0000_a\n");
    look(world);
    assert_true(world->view->join->databases[0].is_wrong);
    rules_file(world, "applied 0000_a other\n");
    look(world);
    assert_false(world->view->join->databases[0].is_wrong);
    rules_file(world, "foreign other\n");
    look(world);
    assert_false(world->view->join->databases[0].is_wrong);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_database_whose_rows_are_all_of_others_is_the_wrong_one_unless_a_rule_names_it),
        world_test(a_rule_can_say_that_it_ran_in_one_database_or_in_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
