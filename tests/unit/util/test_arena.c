#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/util/arena.h"

static void memory_is_aligned_and_full_of_zeros(void **state) {
    struct arena *arena = arena_create();
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *block = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(block[i], 0);
        }
        memset(block, 0xff, size);
    }
    unsigned char *large = arena_alloc(arena, 10 << 20);
    assert_int_equal(large[(10 << 20) - 1], 0);
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void what_grows_keeps_what_it_had_and_the_rest_is_zeros(void **state) {
    struct arena *arena = arena_create();
    uint32_t *numbers = NULL;
    for (size_t count = 0; count < 2000; count += 10) {
        numbers = arena_grow(arena, numbers, count, count + 10, sizeof *numbers);
        for (size_t i = 0; i < 10; i++) {
            assert_int_equal(numbers[count + i], 0);
            numbers[count + i] = (uint32_t)(count + i);
        }
        if (count % 100 == 0) {
            memset(arena_alloc(arena, 5), 0xff, 5);
        }
    }
    for (size_t i = 0; i < 2000; i++) {
        assert_int_equal(numbers[i], i);
    }
    arena_destroy(arena);
}

static void the_newest_grows_in_place(void **state) {
    struct arena *arena = arena_create();
    char *bytes = arena_grow(arena, NULL, 0, 10, 1);
    assert_ptr_equal(arena_grow(arena, bytes, 10, 100, 1), bytes);
    arena_alloc(arena, 1);
    assert_ptr_not_equal(arena_grow(arena, bytes, 100, 101, 1), bytes);
    arena_destroy(arena);
}

static void what_shrinks_leaves_zeros_behind(void **state) {
    struct arena *arena = arena_create();
    char *bytes = arena_grow(arena, NULL, 0, 200, 1);
    memset(bytes, 0xff, 200);
    bytes = arena_grow(arena, bytes, 10, 20, 1);
    assert_int_equal(bytes[10], 0);
    unsigned char *next = arena_alloc(arena, 400);
    for (size_t i = 0; i < 400; i++) {
        assert_int_equal(next[i], 0);
    }
    arena_destroy(arena);
}

/* What is left is freed with the outer one, or the leak checker tells. */
static void one_within_another_goes_with_it_or_before(void **state) {
    struct arena *outer = arena_create(), *first = arena_within(outer), *second = arena_within(outer),
                 *third = arena_within(outer), *in_second = arena_within(second);
    memset(arena_alloc(first, 5000), 0xff, 5000);
    memset(arena_alloc(in_second, 5000), 0xff, 5000);
    arena_destroy(second);
    arena_destroy(first);
    memset(arena_alloc(third, 5000), 0xff, 5000);
    assert_non_null(arena_within(outer));
    arena_destroy(outer);
}

static struct arena *the_arena;

static void ask_for_too_much_within(void *context) {
    int *reached = context;
    struct arena *within = arena_within(arena_within(the_arena));
    *reached = 6;
    arena_array_of(within, SIZE_MAX / 2, 4);
    *reached = 7;
}

static void what_is_too_much_for_one_within_is_too_much_for_the_outer(void **state) {
    int reached = 0;
    the_arena = arena_create();
    assert_false(arena_run(the_arena, ask_for_too_much_within, &reached));
    assert_int_equal(reached, 6);
    arena_destroy(the_arena);
}

static void ask_for_too_much(void *context) {
    int *reached = context;
    *reached = 1;
    arena_array_of(the_arena, SIZE_MAX / 2, 4);
    *reached = 2;
}

static void grow_too_much(void *context) {
    int *reached = context;
    *reached = 3;
    arena_grow(the_arena, NULL, 0, SIZE_MAX, 16);
    *reached = 4;
}

static void give_up(void *context) {
    int *reached = context;
    *reached = 5;
    arena_exhausted(the_arena);
}

static void nest(void *context) {
    struct arena *outer = the_arena;
    the_arena = arena_create();
    assert_false(arena_run(the_arena, ask_for_too_much, context));
    arena_destroy(the_arena);
    the_arena = outer;
    arena_alloc(outer, 1);
}

static void where_memory_runs_out_the_run_is_left_and_the_arena_still_serves(void **state) {
    int reached = 0;
    the_arena = arena_create();
    assert_false(arena_run(the_arena, ask_for_too_much, &reached));
    assert_int_equal(reached, 1);
    assert_false(arena_run(the_arena, grow_too_much, &reached));
    assert_int_equal(reached, 3);
    assert_false(arena_run(the_arena, give_up, &reached));
    assert_int_equal(reached, 5);
    assert_true(arena_run(the_arena, nest, &reached));
    assert_int_equal(reached, 1);
    assert_non_null(arena_alloc(the_arena, 10));
    arena_destroy(the_arena);
}

static void an_array_that_takes_more_keeps_what_it_has(void **state) {
    struct arena *arena = arena_create();
    int *numbers = NULL;
    size_t capacity = 0, grown = 0;
    for (int i = 0; i < 1000; i++) {
        size_t before = capacity;
        numbers = arena_more(arena, numbers, (size_t)i, &capacity, sizeof *numbers);
        grown += capacity != before;
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], i);
    }
    assert_int_equal(grown, 7);
    assert_int_equal(capacity, 1024);
    arena_destroy(arena);
}

static void one_that_is_cleared_serves_again_with_zeros(void **state) {
    struct arena *arena = arena_create();
    for (size_t round = 0; round < 3; round++) {
        arena_clear(arena);
        for (size_t i = 1; i < 3000; i++) {
            unsigned char *block = arena_alloc(arena, i % 700 + 1);
            for (size_t k = 0; k < i % 700 + 1; k++) {
                assert_int_equal(block[k], 0);
            }
            memset(block, 0xff, i % 700 + 1);
        }
        unsigned char *large = arena_alloc(arena, 1 << 20);
        assert_int_equal(large[0] | large[(1 << 20) - 1], 0);
        memset(large, 0xff, 1 << 20);
        large = arena_grow(arena, large, 1 << 20, 1 << 21, 1);
        assert_int_equal(large[1 << 20], 0);
    }
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_that_takes_more_keeps_what_it_has),
        cmocka_unit_test(one_that_is_cleared_serves_again_with_zeros),
        cmocka_unit_test(memory_is_aligned_and_full_of_zeros),
        cmocka_unit_test(what_grows_keeps_what_it_had_and_the_rest_is_zeros),
        cmocka_unit_test(the_newest_grows_in_place),
        cmocka_unit_test(what_shrinks_leaves_zeros_behind),
        cmocka_unit_test(one_within_another_goes_with_it_or_before),
        cmocka_unit_test(what_is_too_much_for_one_within_is_too_much_for_the_outer),
        cmocka_unit_test(where_memory_runs_out_the_run_is_left_and_the_arena_still_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
