#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/util/text.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

#define assert_text(text, expected) assert_string_equal(text_copy(arena, (text)).bytes, (expected))

static void texts_compare_by_bytes_and_the_shorter_comes_first(void **state) {
    assert_true(text_compare(TEXT("a"), TEXT("b")) < 0);
    assert_true(text_compare(TEXT("a"), TEXT("a\0")) < 0);
    assert_true(text_compare(TEXT("\xff"), TEXT("a")) > 0);
    assert_int_equal(text_compare(TEXT(""), text_of(NULL)), 0);
    assert_true(text_equal(TEXT("a\0b"), TEXT("a\0b")));
    assert_false(text_equal(TEXT("a\0b"), TEXT("a\0c")));
}

static void beginnings_ends_and_parts_are_found(void **state) {
    size_t at = 0;
    assert_true(text_starts(TEXT("abc"), "ab") && text_starts(TEXT("abc"), "") && !text_starts(TEXT("a"), "ab"));
    assert_true(text_ends(TEXT("abc"), "bc") && text_ends(TEXT("abc"), "") && !text_ends(TEXT("c"), "bc"));
    assert_true(text_find(TEXT("a\0bcbc"), "bc", &at));
    assert_int_equal(at, 2);
    assert_false(text_find(TEXT("abc"), "cb", &at));
    assert_int_equal(at, 2);
}

static void a_slice_is_cut_to_what_is_there(void **state) {
    assert_text(text_slice(TEXT("abc"), 1, 2), "b");
    assert_text(text_slice(TEXT("abc"), 1, 99), "bc");
    assert_text(text_slice(TEXT("abc"), 99, 100), "");
    assert_text(text_slice(TEXT("abc"), 2, 1), "");
    assert_null(text_slice((struct text){0}, 0, 5).bytes);
}

static void lines_end_with_lf_or_crlf_and_the_last_needs_neither(void **state) {
    struct text rest = TEXT("one\r\n\ntwo\r\rthree\nfour"), line;
    static const char *const expected[] = {"one", "", "two\r\rthree", "four"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(text_line(&rest, &line));
        assert_text(line, expected[i]);
    }
    assert_false(text_line(&rest, &line));
    assert_text(text_trim(TEXT(" \t\r\n a b \n")), "a b");
    assert_text(text_trim(TEXT(" \n")), "");
}

static void a_whole_number_is_read_and_nothing_else(void **state) {
    static const struct {
        const char *text;
        int64_t number;
    } good[] = {
        {"0", 0}, {"-0", 0}, {"007", 7}, {"9223372036854775807", INT64_MAX}, {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.",
                                      "0x1",
                                      "--1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"};
    int64_t number = 5;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(text_to_int64(text_of(good[i].text), &number));
        assert_int_equal(number, good[i].number);
    }
    number = 5;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(text_to_int64(text_of(bad[i]), &number));
    }
    assert_int_equal(number, 5);
}

#define FFFD "\xef\xbf\xbd"

static void each_ill_formed_part_becomes_one_replacement_as_the_whatwg_rule_has_it(void **state) {
    static const struct {
        const char *bytes, *repaired;
    } parts[] = {
        {"\xe2\x82", FFFD},
        {"\xc0\xaf", FFFD FFFD},
        {"\xed\xa0\x80", FFFD FFFD FFFD},
        {"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD},
        {"\xf0\x9f\x98", FFFD},
        {"\xf0\x9f\x98x", FFFD "x"},
        {"\xe2\x82\xe2\x82\xac", FFFD "\xe2\x82\xac"},
        {"12345678\xff"
         "12345678\xc3",
         "12345678" FFFD "12345678" FFFD},
        {"\x80\xbf", FFFD FFFD},
        {"\xe0\x80\x80", FFFD FFFD FFFD},
        {"\xf8\x88", FFFD FFFD},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_false(text_is_utf8(text_of(parts[i].bytes)));
        assert_text(text_repair_utf8(arena, text_of(parts[i].bytes)), parts[i].repaired);
    }
}

static void what_is_well_formed_is_returned_itself(void **state) {
    struct text text =
        TEXT("a\0\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    assert_true(text_is_utf8(text));
    assert_ptr_equal(text_repair_utf8(arena, text).bytes, text.bytes);
    assert_true(text_is_utf8(TEXT("")));
}

static void what_people_must_not_be_shown_raw_is_escaped(void **state) {
    static const struct {
        const char *bytes, *escaped;
    } parts[] = {
        {"plain \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "plain \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"a\nb\rc\td", "a\\nb\\rc\\td"},
        {"\x1b[31m\x07\x7f", "\\x1b[31m\\x07\\x7f"},
        {"\xc2\x9b"
         "31m",
         "\\u{9b}31m"},
        {"\\x1b", "\\\\x1b"},
        {"\xff\xe2\x82", "\\xff\\xe2\\x82"},
        {"\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf\xc2\xad", "\\u{202e}\\u{200b}\\u{feff}\\u{ad}"},
        {"\xe2\x80\xa8\xe2\x81\xa6\xd8\x9c", "\\u{2028}\\u{2066}\\u{61c}"},
        {"\xf3\xa0\x81\x81", "\\u{e0041}"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_text(text_escaped(arena, text_of(parts[i].bytes)), parts[i].escaped);
    }
    assert_text(text_escaped(arena, TEXT("a\0b")), "a\\x00b");
}

static void a_json_string_is_written_with_its_quotes(void **state) {
    struct buffer buffer = BUFFER(arena);
    buffer_add_json(&buffer, TEXT("a\"b\\c\nd\te\0f\x7f\xc3\xa4\xff"));
    assert_text(buffer_text(&buffer), "\"a\\\"b\\\\c\\nd\\u0009e\\u0000f\\u007f\xc3\xa4" FFFD "\"");
}

static void a_buffer_grows_and_ends_with_a_nul(void **state) {
    struct buffer buffer = BUFFER(arena);
    assert_text(buffer_text(&buffer), "");
    for (int i = 0; i < 5000; i++) {
        buffer_format(&buffer, "%04d", i);
        arena_alloc(arena, 3); /* in its way */
    }
    struct text text = buffer_text(&buffer);
    assert_int_equal(text.length, 20000);
    assert_int_equal(strlen(text.bytes), 20000);
    assert_memory_equal(text.bytes + 4 * 4711, "4711", 4);
    assert_text(text_format(arena, "%s-%d", "x", 7), "x-7");
}

static void numbers_are_written_to_their_limits(void **state) {
    struct buffer buffer = BUFFER(arena);
    const int64_t numbers[] = {0, 7, -1, 1700000000000, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buffer_add_number(&buffer, numbers[i]);
        buffer_add_char(&buffer, ' ');
    }
    assert_string_equal(buffer_text(&buffer).bytes, "0 7 -1 1700000000000 9223372036854775807 -9223372036854775808 ");
}

static void what_is_formatted_may_be_of_any_length(void **state) {
    for (int length = 250; length < 262; length++) { /* around what fits at once */
        struct buffer buffer = BUFFER(arena);
        buffer_format(&buffer, "%*d", length, 1);
        struct text text = text_format(arena, "%*d", length, 1);
        assert_int_equal(buffer.length, length);
        assert_int_equal(strlen(buffer.bytes), length);
        assert_int_equal(text.length, length);
        assert_memory_equal(text.bytes, buffer.bytes, (size_t)length + 1);
    }
}

static void a_hexadecimal_digit_has_its_value(void **state) {
    static const char digits[] = "0123456789abcdef", capitals[] = "0123456789ABCDEF";
    for (int i = 0; i < 16; i++) {
        assert_int_equal(text_hex_digit(digits[i]), i);
        assert_int_equal(text_hex_digit(capitals[i]), i);
    }
    for (const char *other = "/:@GgO`\x19 \xff"; *other; other++) {
        assert_int_equal(text_hex_digit(*other), -1);
    }
    assert_int_equal(text_hex_digit('\0'), -1);
}

static void plain_is_what_needs_no_escape_wherever_it_stands(void **state) {
    char bytes[24];
    for (size_t length = 1; length <= 20; length++) {
        for (size_t at = 0; at < length; at++) {
            for (int byte = 0; byte < 256; byte++) {
                for (int others = 0; others < 2; others++) {
                    memset(bytes, others ? '!' : '~', sizeof bytes);
                    bytes[at] = (char)byte;
                    bool is_plain = byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';
                    if (text_is_plain((struct text){bytes, length}) != is_plain) {
                        fail_msg("%02x at %zu of %zu", (unsigned)byte, at, length);
                    }
                }
            }
        }
    }
    assert_true(text_is_plain(TEXT("")));
    assert_true(text_is_plain((struct text){"a\"", 1}));
}

static void a_plain_text_is_quoted_as_it_is(void **state) {
    struct buffer buffer = BUFFER(arena), same = BUFFER(arena);
    for (size_t length = 0; length < 100; length++) {
        char bytes[100];
        memset(bytes, 'a' + (int)(length % 26), length);
        buffer_add_plain(&buffer, (struct text){bytes, length});
        buffer_add_json(&same, (struct text){bytes, length});
    }
    assert_true(text_equal(buffer_text(&buffer), buffer_text(&same)));
    assert_int_equal(buffer.length, 100 * 99 / 2 + 2 * 100);
    assert_string_equal(buffer_text(&buffer).bytes + buffer.length - 2, "v\"");
    assert_memory_equal(buffer.bytes, "\"\"\"b\"\"cc\"", 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_is_what_needs_no_escape_wherever_it_stands),
        cmocka_unit_test(a_plain_text_is_quoted_as_it_is),
        cmocka_unit_test(a_hexadecimal_digit_has_its_value),
        cmocka_unit_test(texts_compare_by_bytes_and_the_shorter_comes_first),
        cmocka_unit_test(beginnings_ends_and_parts_are_found),
        cmocka_unit_test(a_slice_is_cut_to_what_is_there),
        cmocka_unit_test(lines_end_with_lf_or_crlf_and_the_last_needs_neither),
        cmocka_unit_test(a_whole_number_is_read_and_nothing_else),
        cmocka_unit_test(each_ill_formed_part_becomes_one_replacement_as_the_whatwg_rule_has_it),
        cmocka_unit_test(what_is_well_formed_is_returned_itself),
        cmocka_unit_test(what_people_must_not_be_shown_raw_is_escaped),
        cmocka_unit_test(a_json_string_is_written_with_its_quotes),
        cmocka_unit_test(a_buffer_grows_and_ends_with_a_nul),
        cmocka_unit_test(numbers_are_written_to_their_limits),
        cmocka_unit_test(what_is_formatted_may_be_of_any_length),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
