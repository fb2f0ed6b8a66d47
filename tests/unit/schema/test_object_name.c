/* Names as PostgreSQL chooses them; the expected ones were given by PostgreSQL 15. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migfs/schema/object_name.h"

#define TEN "aaaaaaaaaa"
#define BEN "bbbbbbbbbb"

static void parts_are_joined_and_the_longer_one_is_cut(void **state) {
    static const struct {
        const char *first, *middle, *label, *name;
    } cases[] = {
        {"posts", "title", "idx", "posts_title_idx"},
        {"posts", "", "pkey", "posts_pkey"},
        {"posts", "id", "", "posts_id"},
        {TEN TEN TEN TEN TEN TEN, "b", "idx", TEN TEN TEN TEN TEN "aaaaaaa_b_idx"},
        {"a", BEN BEN BEN BEN BEN BEN, "idx", "a_" BEN BEN BEN BEN BEN "bbbbbbb_idx"},
        {TEN TEN TEN TEN, BEN BEN BEN BEN, "idx1", TEN TEN "aaaaaaaaa_" BEN BEN "bbbbbbbb_idx1"},
        {TEN TEN TEN TEN TEN "aaaaaaaaü", "", "key", TEN TEN TEN TEN TEN "aaaaaaaa_key"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text name =
            object_name(arena, text_of(cases[i].first), text_of(cases[i].middle), text_of(cases[i].label));
        assert_string_equal(name.bytes, cases[i].name);
    }
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_joined_and_the_longer_one_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
