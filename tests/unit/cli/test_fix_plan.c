#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/fix_plan.h"

static char first[] = "0001_snapshot.json", second[] = "0002_snapshot.json", third[] = "0003_snapshot.json",
            one[] = "{1}", two[] = "{2}", three[] = "{3}", journal[] = "{\"entries\": []}",
            other[] = "{\"entries\": {}}", longer[] = "{\"entries\": []} ",
            said[] = "what is said of it counts for nothing";

/* A plan with a journal and two snapshots; nothing of it is freed. */
static struct fix_plan plan_of(struct fix_snapshot room[2]) {
    room[0] = (struct fix_snapshot){.name = first, .bytes = one, .length = 3};
    room[1] = (struct fix_snapshot){.name = second, .bytes = two, .length = 3};
    return (struct fix_plan){.snapshots = room, .snapshot_count = 2, .bytes = journal, .length = 15};
}

static void what_would_write_the_same_is_the_same(void **state) {
    struct fix_snapshot rooms[2][2];
    struct fix_plan a = plan_of(rooms[0]), b = plan_of(rooms[1]);
    a.changes = said;
    assert_true(fix_plan_is_same(&a, &b));
    a = b = (struct fix_plan){0};
    assert_true(fix_plan_is_same(&a, &b));
}

static void another_journal_is_another_plan(void **state) {
    struct fix_snapshot rooms[2][2];
    struct fix_plan a = plan_of(rooms[0]), b = plan_of(rooms[1]);
    b.bytes = other;
    assert_false(fix_plan_is_same(&a, &b));
    b.bytes = longer;
    b.length = 16;
    assert_false(fix_plan_is_same(&a, &b));
    b.bytes = NULL;
    b.length = 0;
    assert_false(fix_plan_is_same(&a, &b));
    assert_false(fix_plan_is_same(&b, &a));
}

static void other_snapshots_are_another_plan(void **state) {
    struct fix_snapshot rooms[2][2];
    struct fix_plan a = plan_of(rooms[0]), b = plan_of(rooms[1]);
    b.snapshot_count = 1;
    assert_false(fix_plan_is_same(&a, &b));
    assert_false(fix_plan_is_same(&b, &a));
    b = plan_of(rooms[1]);
    b.snapshots[1].name = third;
    assert_false(fix_plan_is_same(&a, &b));
    b = plan_of(rooms[1]);
    b.snapshots[1].bytes = three;
    assert_false(fix_plan_is_same(&a, &b));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_write_the_same_is_the_same),
        cmocka_unit_test(another_journal_is_another_plan),
        cmocka_unit_test(other_snapshots_are_another_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
