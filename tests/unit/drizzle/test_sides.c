#include "drizzle/sides.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_side_has_what_is_outside_and_its_own(void **state) {
    struct arena *arena = arena_create();
    struct side sides[2];
    assert_true(
        sides_split(arena, TEXT("a\n<<<<<<< HEAD\nb\n||||||| 1234567\nold\n=======\nc\nd\r\n>>>>>>> x\ne"), sides));
    assert_string_equal(sides[0].text.bytes, "a\nb\ne");
    assert_string_equal(sides[1].text.bytes, "a\nc\nd\r\ne");
    assert_memory_equal(sides[0].lines, ((size_t[]){1, 3, 10}), 3 * sizeof(size_t));
    assert_memory_equal(sides[1].lines, ((size_t[]){1, 7, 8, 10}), 4 * sizeof(size_t));
    arena_destroy(arena);
}

static void markers_that_git_does_not_write_in_this_order_are_no_conflict(void **state) {
    static const char *const texts[] = {"=======\n",
                                        "<<<<<<< a\n",
                                        "<<<<<<< a\n<<<<<<< a\n",
                                        ">>>>>>> a\n",
                                        "<<<<<<< a\n>>>>>>> a\n",
                                        "<<<<<<< a\n=======\n||||||| b\n>>>>>>> a\n"};
    struct arena *arena = arena_create();
    struct side sides[2];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(sides_split(arena, text_of(texts[i]), sides));
    }
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_has_what_is_outside_and_its_own),
        cmocka_unit_test(markers_that_git_does_not_write_in_this_order_are_no_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
