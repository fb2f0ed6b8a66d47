#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/util/digest.h"

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void it_is_sha_256_in_lower_case(void **state) {
    char hex[DIGEST_HEX_LENGTH + 1];
    struct digest digest = digest_of(TEXT("abc"));
    digest_to_hex(&digest, hex);
    assert_string_equal(hex, ABC);
    digest = digest_of(TEXT(""));
    digest_to_hex(&digest, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void parts_count_as_one_text(void **state) {
    const struct text parts[] = {TEXT("a"), TEXT(""), TEXT("bc")};
    struct digest whole = digest_of(TEXT("abc")), digest = digest_of_parts(parts, 3);
    assert_true(digest_equal(&whole, &digest));
    assert_int_equal(digest_compare(&whole, &digest), 0);
}

static void hexadecimal_is_read_in_either_case_and_nothing_else(void **state) {
    struct digest whole = digest_of(TEXT("abc")), digest = {0};
    assert_true(digest_from_hex(TEXT(ABC), &digest));
    assert_true(digest_equal(&whole, &digest));
    assert_true(digest_from_hex(TEXT("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"), &digest));
    assert_true(digest_equal(&whole, &digest));
    assert_false(digest_from_hex(TEXT(""), &digest));
    assert_false(digest_from_hex(TEXT(ABC "0"), &digest));
    assert_false(digest_from_hex(text_slice(TEXT(ABC), 0, 63), &digest));
    assert_false(digest_from_hex(TEXT("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &digest));
    assert_false(digest_from_hex(TEXT("@a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &digest));
    assert_true(digest_equal(&whole, &digest));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_sha_256_in_lower_case),
        cmocka_unit_test(parts_count_as_one_text),
        cmocka_unit_test(hexadecimal_is_read_in_either_case_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
