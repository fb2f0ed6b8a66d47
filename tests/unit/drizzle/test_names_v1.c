#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migfs/drizzle/names_v1.h"

static void names_of_one_second_come_in_the_order_of_locale_compare(void **state) {
    static const char *const names[] = {
        "20250101000000_",  "20250101000000_a b",      "20250101000000_a_b", "20250101000000_a-b", "20250101000000_ab",
        "20250101000000_B", "20250101000000_\xc3\xa9", "20250101000000_f",   "20250101000000_Z",   "20250101000001_"};
    for (size_t i = 0; i + 1 < sizeof names / sizeof *names; i++) {
        assert_true(names_v1_compare(text_of(names[i]), text_of(names[i + 1])) < 0);
        assert_true(names_v1_compare(text_of(names[i + 1]), text_of(names[i])) > 0);
    }
    assert_int_equal(names_v1_compare(TEXT("a_b"), TEXT("a_b")), 0);
}

static void a_folder_sorts_after_its_parent_by_both_orders(void **state) {
    assert_true(names_v1_sorts_after(TEXT("20250101000001_a"), TEXT("20250101000000_b")));
    assert_false(names_v1_sorts_after(TEXT("20250101000000_a"), TEXT("20250101000000_a")));
    assert_false(names_v1_sorts_after(TEXT("20250101000000_B"), TEXT("20250101000000_a")));
    assert_false(names_v1_sorts_after(TEXT("20250101000000_a"), TEXT("20250101000000_B")));
}

static void a_name_has_a_date_where_parse_int_finds_six_numbers(void **state) {
    int64_t milliseconds;
    assert_true(names_v1_date(TEXT("20250101120000_mid"), &milliseconds));
    assert_int_equal(milliseconds, INT64_C(1735732800000));
    assert_true(names_v1_date(TEXT("20251332256199"), &milliseconds));
    assert_false(names_v1_date(TEXT("notes"), &milliseconds));
    assert_false(names_v1_date(TEXT("202501011200_a"), &milliseconds));
    assert_false(names_v1_date(TEXT(""), &milliseconds));
}

static void the_second_of_a_row_is_cut_off_and_not_rounded_down(void **state) {
    assert_int_equal(names_v1_second(INT64_C(1735689600611)), INT64_C(1735689600000));
    assert_int_equal(names_v1_second(INT64_C(1735689600000)), INT64_C(1735689600000));
    assert_int_equal(names_v1_second(-1), 0);
    assert_int_equal(names_v1_second(-1999), -1000);
}

static void a_folder_is_named_after_the_second_of_its_entry(void **state) {
    struct arena *arena = arena_create();
    assert_string_equal(names_v1_folder(arena, INT64_C(1735689600611), TEXT("0000_a_b")).bytes, "20250101000000_a_b");
    assert_string_equal(names_v1_folder(arena, -1, TEXT("plain")).bytes, "19691231235959_");
    assert_string_equal(names_v1_folder(arena, INT64_C(8640000000000001), TEXT("0_a")).bytes, "NaNNaNNaNNaNNaNNaN_a");
    assert_int_equal(names_v1_folder(arena, 0, TEXT("0000_a")).length, 0);
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_one_second_come_in_the_order_of_locale_compare),
        cmocka_unit_test(a_folder_sorts_after_its_parent_by_both_orders),
        cmocka_unit_test(a_name_has_a_date_where_parse_int_finds_six_numbers),
        cmocka_unit_test(the_second_of_a_row_is_cut_off_and_not_rounded_down),
        cmocka_unit_test(a_folder_is_named_after_the_second_of_its_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
