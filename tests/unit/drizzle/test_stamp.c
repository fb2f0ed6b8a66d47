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

static void a_mark_has_milliseconds_and_seconds_from_the_digest_of_the_tag(void **state) {
    /* Computed with sha256sum: h = 0x…, 1 + h mod 999 and h div 999 mod 60. The base is the newest
     * of the incident's rows. */
    int64_t stamp = 1759655000000;
    static const struct {
        const char *tag;
        int64_t stamp;
    } incident[] = {
        {"0019_webauthn_mfa", 1759655034380},
        {"0020_add_icon_columns", 1759655057984},
        {"0021_add_dashboard_default", 1759655113793},
    };
    for (size_t i = 0; i < 3; i++) {
        struct stamp_mark mark = stamp_mark(text_of(incident[i].tag));
        int64_t made = stamp_marked(mark, stamp);
        assert_int_equal(made, incident[i].stamp);
        assert_int_equal(stamp_base_second(mark, made), stamp_second(stamp));
        stamp = made;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_before_1970_have_seconds_and_milliseconds_as_others_do),
        cmocka_unit_test(a_name_may_begin_with_a_second),
        cmocka_unit_test(a_mark_has_milliseconds_and_seconds_from_the_digest_of_the_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
