#include "fixture.h"

#include "join/signs.h"

static void the_seconds_of_all_stamps_are_known(void **state) {
    struct world *world = *state;
    ENTRIES(world, "0000_a@1999", "0001_b@-1", "0002_c@\"3000\"");
    LEDGER(world, "db", "text:x@5000", "text:x@NULL");
    look(world);
    struct stamp_seconds seconds = stamp_seconds_of(world->arena, world->view->join);
    static const int64_t expected[] = {-1, 0, 1, 3, 5};
    assert_int_equal(seconds.count, 5);
    assert_memory_equal(seconds.seconds, expected, sizeof expected);
}

static void a_made_stamp_is_counted_from_the_second_of_another(void **state) {
    int64_t known[] = {0, 7};
    struct stamp_seconds seconds = {known, 2};
    struct migration it = {.tag = TEXT("0000_a"), .number = TEXT("0")};
    struct stamp_mark mark = stamp_mark(it.tag);
    int64_t made = stamp_marked(mark, 7999);
    assert_true(stamp_may_be_made(made, mark, &seconds));
    assert_false(stamp_may_be_made(made - 1000, mark, &seconds));
    assert_true(stamp_tells_name(made, &it, &seconds));
    assert_false(stamp_tells_name(made + 1000, &it, &seconds));
    assert_false(stamp_tells_name(made - 1, &it, &seconds));
    struct migration dated = {.tag = TEXT("1759655001_a"), .number = TEXT("1759655001")};
    assert_true(stamp_tells_name(1759655001357, &dated, &seconds));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(the_seconds_of_all_stamps_are_known),
        cmocka_unit_test(a_made_stamp_is_counted_from_the_second_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
