#include "migfs/util/blank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void trims_what_javascript_trims(void **state) {
    assert_true(text_is(blank_trim(TEXT("\xef\xbb\xbf \t\v\f\r\na b\xc2\xa0\xe2\x80\xa8\xe3\x80\x80")), "a b"));
    assert_true(text_is(blank_trim(TEXT("\xe2\x80\x8b\xc2\x85")), "\xe2\x80\x8b\xc2\x85")); /* these are none */
    assert_int_equal(blank_trim(TEXT(" \xc2\xa0")).length, 0);
    assert_int_equal(blank_at_start(TEXT("\xc2\xa0x")), 2);
    assert_int_equal(blank_at_start(TEXT("\xc2")), 0);
    assert_int_equal(blank_at_end(TEXT("x\xe3\x80\x80")), 3);
    assert_int_equal(blank_at_end(TEXT("")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(trims_what_javascript_trims)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
