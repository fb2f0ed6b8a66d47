/* Where words, comments, strings, templates and regular expressions end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/schema_lex.h"

static void blanks_words_and_comments_end(void **state) {
    assert_int_equal(schema_lex_blanks(TEXT(" \t\r\nx"), 0), 4);
    assert_int_equal(schema_lex_word(TEXT("a_$1\xc3\xa4-"), 0), 6);
    assert_int_equal(schema_lex_word(TEXT("-"), 0), 0);
    assert_int_equal(schema_lex_comment(TEXT("// a\nb"), 0), 5);
    assert_int_equal(schema_lex_comment(TEXT("// a"), 0), 4);
    assert_int_equal(schema_lex_comment(TEXT("/* a\n*/b"), 0), 7);
    assert_int_equal(schema_lex_comment(TEXT("/* a"), 0), 4);
    assert_int_equal(schema_lex_comment(TEXT("/ a"), 0), 0);
    assert_int_equal(schema_lex_byte(TEXT("a"), 1), '\0');
}

static void literals_end_where_javascript_ends_them(void **state) {
    assert_int_equal(schema_lex_literal(TEXT("'a\\'b' c"), 0), 6);
    assert_int_equal(schema_lex_literal(TEXT("\"a'b\"c"), 0), 5);
    assert_int_equal(schema_lex_literal(TEXT("'a\nb'"), 0), 0);
    assert_int_equal(schema_lex_literal(TEXT("'a\\"), 0), 0);
    assert_int_equal(schema_lex_literal(TEXT("`a\nb`c"), 0), 5);
    assert_int_equal(schema_lex_literal(TEXT("`a\\`b`c"), 0), 6);
    assert_int_equal(schema_lex_literal(TEXT("`${a({b: '}'})}`c"), 0), 16);
    assert_int_equal(schema_lex_literal(TEXT("`${a`${b}`}`c"), 0), 12);
    assert_int_equal(schema_lex_literal(TEXT("`${a"), 0), 0);
    assert_int_equal(schema_lex_literal(TEXT("`${`${`${`${`${`${`${`${`"), 0), 0); /* too deep */
    assert_int_equal(schema_lex_literal(TEXT("a"), 0), 0);
    assert_int_equal(schema_lex_expression(TEXT("/a[/]\\/b/c"), 0), 9);
    assert_int_equal(schema_lex_expression(TEXT("/a\n/"), 0), 0);
    assert_int_equal(schema_lex_expression(TEXT("a"), 0), 0);
}

static void a_plain_string_is_taken_whole(void **state) {
    struct text string;
    size_t end;
    assert_true(schema_lex_string(TEXT("'a b',"), 0, &string, &end));
    assert_true(text_is(string, "a b"));
    assert_int_equal(end, 5);
    assert_true(schema_lex_string(TEXT("`a`"), 0, &string, &end));
    assert_false(schema_lex_string(TEXT("`a${b}`"), 0, &string, &end));
    assert_false(schema_lex_string(TEXT("'a\\n'"), 0, &string, &end));
    assert_false(schema_lex_string(TEXT("'a"), 0, &string, &end));
    assert_false(schema_lex_string(TEXT("a"), 0, &string, &end));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_words_and_comments_end),
        cmocka_unit_test(literals_end_where_javascript_ends_them),
        cmocka_unit_test(a_plain_string_is_taken_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
