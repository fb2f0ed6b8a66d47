#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/suggest.h"

static void the_distance_counts_letters_added_left_out_replaced_and_swapped(void **state) {
    assert_int_equal(suggest_distance("", ""), 0);
    assert_int_equal(suggest_distance("", "abc"), 3);
    assert_int_equal(suggest_distance("check", "check"), 0);
    assert_int_equal(suggest_distance("chek", "check"), 1);
    assert_int_equal(suggest_distance("chceck", "check"), 1);
    assert_int_equal(suggest_distance("cehck", "check"), 1);
    assert_int_equal(suggest_distance("stauts", "status"), 1);
    assert_int_equal(suggest_distance("kitten", "sitting"), 3);
    char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_true(suggest_distance(longer, longer) > 255);
}

static const char *nearest(const char *word) {
    static const char *const words[] = {"check", "status", "print", "explain", "help", "version"};
    struct suggestion suggestion = {.word = word};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        suggest_consider(&suggestion, words[i]);
    }
    return suggestion.best;
}

static void the_nearest_word_is_suggested_and_none_that_is_far(void **state) {
    assert_string_equal(nearest("chek"), "check");
    assert_string_equal(nearest("stat"), "status");
    assert_string_equal(nearest("PRINT"), "print");
    assert_string_equal(nearest("expalin"), "explain");
    assert_string_equal(nearest("explains"), "explain");
    assert_null(nearest("drizzle"));
    assert_null(nearest(""));
    assert_null(nearest("xy"));
}

static void a_word_within_another_is_suggested_where_none_is_near(void **state) {
    struct suggestion suggestion = {.word = "webauthn"};
    suggest_containing(&suggestion, "0018_oidc");
    assert_null(suggestion.best);
    suggest_containing(&suggestion, "0019_webauthn_mfa");
    suggest_containing(&suggestion, "0020_webauthn_too");
    assert_string_equal(suggestion.best, "0019_webauthn_mfa");
    suggest_consider(&suggestion, "webauth");
    assert_string_equal(suggestion.best, "webauth");
    suggestion = (struct suggestion){.word = "mfa"};
    suggest_containing(&suggestion, "0019_webauthn_mfa");
    assert_null(suggestion.best); /* too short to be similar to anything */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_counts_letters_added_left_out_replaced_and_swapped),
        cmocka_unit_test(the_nearest_word_is_suggested_and_none_that_is_far),
        cmocka_unit_test(a_word_within_another_is_suggested_where_none_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
