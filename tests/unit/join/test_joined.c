#include "fixture.h"

static void numbers_compare_by_value_and_none_is_above_all(void **state) {
    assert_true(number_compare(TEXT("9"), TEXT("10")) < 0);
    assert_true(number_compare(TEXT("11"), TEXT("10")) > 0);
    assert_int_equal(number_compare(TEXT("10"), TEXT("10")), 0);
    assert_true(number_compare(TEXT(""), TEXT("10")) > 0);
    assert_true(number_compare(TEXT("10"), TEXT("")) < 0);
    assert_int_equal(number_compare(TEXT(""), TEXT("")), 0);
}

static void a_tag_is_found_and_another_is_not(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0010_b", "9_c");
    look(world);
    assert_text(join_find(world->view->join, TEXT("0010_b"))->tag, "0010_b");
    assert_text(join_find(world->view->join, TEXT("9_c"))->tag, "9_c");
    assert_null(join_find(world->view->join, TEXT("0010")));
    assert_null(join_find(world->view->join, TEXT("zzz")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_compare_by_value_and_none_is_above_all),
        world_test(a_tag_is_found_and_another_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
