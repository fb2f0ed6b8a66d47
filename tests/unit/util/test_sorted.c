#include "migfs/util/sorted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int compare_numbers(const void *context, size_t a, size_t b) {
    const int *numbers = context;
    return numbers[a] - numbers[b];
}

static void indices_are_sorted_by_what_they_stand_for_and_then_by_themselves(void **state) {
    const int numbers[] = {3, 1, 2, 1, 3};
    const size_t expected[] = {1, 3, 2, 0, 4};
    struct arena *arena = arena_create();
    assert_memory_equal(sorted_all(arena, 5, compare_numbers, numbers), expected, sizeof expected);
    size_t some[] = {4, 3, 0};
    sorted_order(some, 3, compare_numbers, numbers);
    assert_memory_equal(some, ((size_t[]){3, 0, 4}), sizeof some);
    sorted_order(NULL, 0, compare_numbers, numbers);
    arena_destroy(arena);
}

struct sought {
    const int *numbers;
    int number;
};

static bool lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    return sought->numbers[position] < sought->number;
}

static void the_first_that_does_not_lie_before_is_found(void **state) {
    const int numbers[] = {1, 3, 3, 3, 7};
    static const size_t expected[] = {0, 0, 1, 1, 4, 4, 4, 4, 5};
    for (int number = 0; number <= 8; number++) {
        assert_int_equal(sorted_find(5, lies_before, &(struct sought){numbers, number}), expected[number]);
    }
    assert_int_equal(sorted_find(0, lies_before, &(struct sought){numbers, 1}), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_are_sorted_by_what_they_stand_for_and_then_by_themselves),
        cmocka_unit_test(the_first_that_does_not_lie_before_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
