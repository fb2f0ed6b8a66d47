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

/* As if it had been run by hand in a database that has run nothing later. */
static void a_timestamp_below_a_published_one_hides_its_migration(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0002_c@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    rules_file(world, "applied 0001_b db\n");
    look(world);
    const struct join *join = world->view->join;
    struct plan_published published = plan_published(join);
    assert_int_equal(published.highest, 3000);
    assert_int_equal(published.of_others, 1000);
    assert_true(plan_hides(join, &published, plan_entry(world->view->synthesis, 1)));
    assert_false(plan_hides(join, &published, plan_entry(world->view->synthesis, 2)));
    rules_file(world, "applied 0000_a db\n");
    look(world);
    assert_false(plan_hides(join, &published, plan_entry(world->view->synthesis, 1)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_timestamp_below_a_published_one_hides_its_migration),
        world_test(a_migration_that_is_served_has_its_entry_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
