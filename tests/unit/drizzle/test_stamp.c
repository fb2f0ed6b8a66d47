#include "migfs/drizzle/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void stamps_before_1970_have_seconds_and_milliseconds_as_others_do(void **state) {
    assert_int_equal(stamp_second(1999), 1);
    assert_int_equal(stamp_milliseconds(1999), 999);
    assert_int_equal(stamp_second(-1), -1);
    assert_int_equal(stamp_milliseconds(-1), 999);
    assert_int_equal(stamp_second(-1000), -1);
    assert_int_equal(stamp_milliseconds(INT64_MIN), 192);
}

static bool second_of(const char *number, int64_t *ret_second) {
    return stamp_second_of_number(text_of(number), ret_second);
}

static void a_name_may_begin_with_a_second(void **state) {
    int64_t second = 0;
    assert_true(second_of("20250615150640", &second));
    assert_int_equal(second, 1750000000);
    assert_true(second_of("1759655001", &second));
    assert_int_equal(second, 1759655001);
    assert_false(second_of("7", &second));
    assert_false(second_of("", &second));
}

static void the_mark_is_made_from_the_digest_of_the_tag(void **state) {
    /* Worked out with sha256sum: 1 + (0x… mod 999). */
    assert_int_equal(stamp_mark(TEXT("0019_webauthn_mfa")), 380);
    assert_int_equal(stamp_mark(TEXT("0020_add_icon_columns")), 984);
    assert_int_equal(stamp_mark(TEXT("0021_add_dashboard_default")), 793);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_before_1970_have_seconds_and_milliseconds_as_others_do),
        cmocka_unit_test(a_name_may_begin_with_a_second),
        cmocka_unit_test(the_mark_is_made_from_the_digest_of_the_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
