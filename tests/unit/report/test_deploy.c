#include "fixture.h"

#include "migfs/report/deploy.h"

static struct text shown(struct world *world, struct deploy deploy) {
    struct buffer buffer = BUFFER(world->arena);
    buffer_add(&buffer, deploy.obstacle);
    for (size_t i = 0; i < deploy.count; i++) {
        buffer_format(&buffer, "%s%.*s", buffer.length > 0 ? " " : "", TEXT_ARGS(deploy.runs[i]->tag));
    }
    for (size_t i = 0; i < deploy.left_out_count; i++) {
        buffer_format(&buffer, " -%.*s", TEXT_ARGS(deploy.leaves_out[i]->tag));
    }
    return buffer_text(&buffer);
}

#define assert_disk(database, expected)                                                                                \
    assert_text(shown(world, deploy_from_disk(world->arena, world->view->join, database)), expected)
#define assert_here(database, expected)                                                                                \
    assert_text(shown(world, deploy_from_here(world->arena, world->view->join, world->view->synthesis, database)),     \
                expected)

/* The runner follows the order of the array, regardless of names and timestamps. */
static void what_runs_is_in_the_order_of_the_array(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0002_c@4000", "0001_b@3000");
    LEDGER(world, "db", "file:0000_a@1000");
    fresh_ledger(world, "new");
    look(world);
    assert_disk(0, "0002_c 0001_b -0003_d");
    assert_disk(1, "0000_a 0002_c 0001_b -0003_d");
    assert_here(0, "0002_c 0001_b 0003_d");
}

static void what_is_skipped_is_left_out_by_the_disk_and_runs_by_the_consistent_journal(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0001_b@500", "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_disk(0, " -0001_b");
    assert_here(0, "0001_b");
}

static void a_run_that_aborts_runs_nothing(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0009_gone@2000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct deploy deploy = deploy_from_disk(world->arena, world->view->join, 0);
    assert_int_equal(deploy.count, 0);
    assert_holds_text(deploy.obstacle, "aborts every run");
}

static void deploys_are_equal_when_the_same_runs_and_the_same_is_left_out(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "one", "file:0000_a@1000");
    LEDGER(world, "two", "file:0000_a@1000");
    LEDGER(world, "all", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    struct deploy deploys[3];
    for (size_t i = 0; i < 3; i++) {
        deploys[i] = deploy_from_disk(world->arena, world->view->join, i);
    }
    assert_true(deploy_equal(&deploys[0], &deploys[1]));
    assert_false(deploy_equal(&deploys[0], &deploys[2]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(what_runs_is_in_the_order_of_the_array),
        world_test(what_is_skipped_is_left_out_by_the_disk_and_runs_by_the_consistent_journal),
        world_test(a_run_that_aborts_runs_nothing),
        world_test(deploys_are_equal_when_the_same_runs_and_the_same_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
