#include "fixture.h"

static void a_migration_that_is_served_has_its_entry_and_no_other(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0001_b@2000");
    rules_file(world, "exclude 0000_a\n");
    look(world);
    assert_null(plan_entry(world->view->synthesis, 0));
    assert_int_equal(plan_entry(world->view->synthesis, 1)->when, 2000);
    assert_null(plan_entry(world->view->synthesis, SIZE_MAX));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_migration_that_is_served_has_its_entry_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
