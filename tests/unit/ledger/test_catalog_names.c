/* Names that a large database is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/ledger/catalog_names.h"

#define NAMES(...) names_of((const char *const[]){__VA_ARGS__, NULL})
static struct catalog_names *names_of(const char *const *strings) {
    struct text texts[16];
    size_t count = 0;
    for (; strings[count]; count++) {
        texts[count] = text_of(strings[count]);
    }
    struct catalog_names *names = catalog_names_create(texts, count);
    assert_non_null(names);
    return names;
}

static void assert_literal(struct catalog_names *names, const char *expected) {
    char *literal = catalog_names_literal(names);
    assert_string_equal(literal, expected);
    free(literal);
    catalog_names_unref(names);
}

static void each_is_there_once_and_in_order(void **state) {
    assert_literal(NAMES("users", "a", "users", "b"), "E'{\"a\",\"b\",\"users\"}'::text[]");
    assert_literal(NAMES(NULL), "E'{}'::text[]");
}

static void what_means_something_in_sql_is_escaped(void **state) {
    assert_literal(NAMES("it's"), "E'{\"it''s\"}'::text[]");
    assert_literal(NAMES("a\"b"), "E'{\"a\\\\\"b\"}'::text[]");
    assert_literal(NAMES("a\\b"), "E'{\"a\\\\\\\\b\"}'::text[]");
    assert_literal(NAMES("{a, b}", "NULL"), "E'{\"NULL\",\"{a, b}\"}'::text[]");
}

/* The server returns every object with such a name. */
static void names_that_an_encoding_may_lack_are_not_sent_and_count_as_asked_for(void **state) {
    struct catalog_names *names = NAMES("größe", "a\nb", "", "users");
    assert_int_equal(names->count, 1);
    assert_true(catalog_names_have(names, TEXT("größe")));
    assert_true(catalog_names_have(names, TEXT("users")));
    assert_false(catalog_names_have(names, TEXT("user")));
    assert_true(catalog_names_have(NULL, TEXT("größe")));
    assert_false(catalog_names_have(NULL, TEXT("users")));
    catalog_names_unref(names);
}

static void more_names_cover_fewer(void **state) {
    struct catalog_names *few = NAMES("a", "c"), *more = NAMES("a", "b", "c"), *none = NAMES(NULL);
    assert_true(catalog_names_cover(more, few));
    assert_true(catalog_names_cover(few, few));
    assert_false(catalog_names_cover(few, more));
    assert_true(catalog_names_cover(NULL, none));
    assert_false(catalog_names_cover(NULL, few));
    catalog_names_unref(few);
    catalog_names_unref(more);
    catalog_names_unref(none);
    catalog_names_unref(NULL);
}

static void a_literal_has_a_longest_length(void **state) {
    enum { LENGTH = 60, MOST = CATALOG_NAMES_MAXIMUM / LENGTH };
    static char bytes[2 * MOST][LENGTH];
    static struct text texts[2 * MOST];
    for (size_t i = 0; i < 2 * MOST; i++) {
        memset(bytes[i], 'a', LENGTH);
        memcpy(bytes[i], &(char[]){(char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676)}, 3);
        texts[i] = (struct text){bytes[i], LENGTH};
    }
    struct catalog_names *names = catalog_names_create(texts, 2 * MOST);
    assert_int_equal(names->count, 2 * MOST);
    assert_true(names->are_too_many);
    catalog_names_unref(names);
    names = catalog_names_create(texts, MOST / 2);
    char *literal = catalog_names_literal(names);
    assert_false(names->are_too_many);
    assert_true(strlen(literal) < CATALOG_NAMES_MAXIMUM);
    free(literal);
    catalog_names_unref(names);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_there_once_and_in_order),
        cmocka_unit_test(what_means_something_in_sql_is_escaped),
        cmocka_unit_test(names_that_an_encoding_may_lack_are_not_sent_and_count_as_asked_for),
        cmocka_unit_test(more_names_cover_fewer),
        cmocka_unit_test(a_literal_has_a_longest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
