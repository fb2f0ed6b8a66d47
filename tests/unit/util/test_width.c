#include "migfs/util/width.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include <cmocka.h>

static void a_text_is_as_wide_as_a_terminal_shows_it(void **state) {
    assert_int_equal(width_of(TEXT("")), 0);
    assert_int_equal(width_of(TEXT("0001_users")), 10);
    assert_int_equal(width_of(TEXT("0000_\xc3\xbc")), 6);
    assert_int_equal(width_of(TEXT("e\xcc\x81")), 1);                                  /* e and an accent */
    assert_int_equal(width_of(TEXT("0001_\xe7\x94\xa8\xe6\x88\xb7\xe8\xa1\xa8")), 11); /* 用户表 */
    assert_int_equal(width_of(TEXT("\xf0\x9f\x90\xb6\xf0\x9f\x94\xa5")), 4);           /* 🐶🔥 */
    assert_int_equal(width_of(TEXT("\xe2\x9c\x93 applied")), 9);                       /* ✓ */
    assert_int_equal(width_of(TEXT("\xff")), 1);
}

/* Whatever glibc has assigned, but for controls, which are never shown. */
static void every_character_is_as_wide_as_the_c_library_has_it(void **state) {
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    for (uint32_t character = ' '; character <= 0x10FFFF; character++) {
        int width = wcwidth((wchar_t)character);
        if (width >= 0 && width_of_character(character) != (size_t)width) {
            fail_msg("U+%04X is %d wide, not %zu", character, width, width_of_character(character));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_text_is_as_wide_as_a_terminal_shows_it),
                                       cmocka_unit_test(every_character_is_as_wide_as_the_c_library_has_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
