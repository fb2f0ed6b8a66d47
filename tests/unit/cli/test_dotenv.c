#include "folder.h"

#include "cli/dotenv.h"

static void assert_found(const char *text, const char *expected) {
    char *found = dotenv_find(text_of(text), "URL");
    if (expected) {
        assert_non_null(found);
        assert_string_equal(found, expected);
    } else {
        assert_null(found);
    }
    free(found);
}

static void values_and_comments(void **state) {
    assert_found("URL=postgres://h/d\n", "postgres://h/d");
    assert_found("A=1\n  export URL = x # a comment\n", "x");
    assert_found("URL: x\n", "x");
    assert_found("URL:x\n", NULL);
    assert_found("URL=x\r\n", "x");
    assert_found("A=1\rURL=x\r", "x");
    assert_found("\xef\xbb\xbfURL=x", "x");
    assert_found("URL=a#b", "a");
    assert_found("URL=\n", "");
    assert_found("URL=\nA=1\n", "");
    assert_found("URL=a\nURL=b\n", "b");
    assert_found("# URL=a\nMY_URL=b\nURLS=c\nURL\n", NULL);
    assert_found("", NULL);
}

static void quotes(void **state) {
    assert_found("URL=\"a b#c\" # a comment", "a b#c");
    assert_found("URL='a\\nb'", "a\\nb");
    assert_found("URL=\"a\\nb\"", "a\nb");
    assert_found("URL=`x`\r\n", "x");
    assert_found("URL='a\\'b'", "a\\'b");
    assert_found("URL='a", "'a");
    assert_found("URL='a' b", "'a' b");
    assert_found("URL=\n 'a'", "a");
}

static void a_quoted_value_has_any_number_of_lines(void **state) {
    assert_found("KEY=\"-----BEGIN\nURL=a\n-----END\"\n", NULL);
    assert_found("KEY='x\nURL=a\n'\nURL=b", "b");
    assert_found("URL=\"a\nb\"", "a\nb");
    assert_found("KEY=\"no end\nURL=a\n", "a");
}

static void all_are_found_in_order(void **state) {
    struct dotenv dotenv;
    struct text name;
    char *value;
    assert_true(dotenv_begin(&dotenv, text_of("A=1\n\n# x\nB.b-b = '2'\nexport C\nexport = 3")));
    assert_true(dotenv_next(&dotenv, &name, &value));
    assert_true(text_is(name, "A"));
    assert_string_equal(value, "1");
    free(value);
    assert_true(dotenv_next(&dotenv, &name, &value));
    assert_true(text_is(name, "B.b-b"));
    assert_string_equal(value, "2");
    free(value);
    assert_true(dotenv_next(&dotenv, &name, &value));
    assert_true(text_is(name, "export"));
    assert_string_equal(value, "3");
    free(value);
    assert_false(dotenv_next(&dotenv, &name, &value));
    dotenv_end(&dotenv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(values_and_comments),
        folder_test(quotes),
        folder_test(a_quoted_value_has_any_number_of_lines),
        folder_test(all_are_found_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
