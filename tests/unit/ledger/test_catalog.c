/* A catalog is replaced only by one that differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/ledger/catalog.h"

static struct catalog *catalog_saying(const char *said) {
    char *bytes;
    struct catalog *catalog = catalog_create(1, strlen(said), &bytes);
    assert_non_null(catalog);
    memcpy(bytes, said, strlen(said));
    catalog->rows[0].fields[0] = (struct text){bytes, strlen(said)};
    catalog->digest = digest_of(text_of(said));
    return catalog;
}

static void the_bytes_lie_behind_the_rows(void **state) {
    struct catalog *catalog = catalog_saying("users");
    assert_int_equal(catalog->count, 1);
    assert_ptr_equal(catalog->rows[0].fields[0].bytes, &catalog->rows[1]);
    assert_string_equal(catalog->rows[0].fields[0].bytes, "users");
    catalog_unref(catalog);
    catalog_unref(NULL);
}

static void one_that_says_something_else_takes_the_place(void **state) {
    struct catalog *held = NULL, *first = catalog_saying("a"), *other = catalog_saying("b");
    assert_true(catalog_replace(&held, first));
    assert_ptr_equal(held, first);
    assert_true(catalog_replace(&held, other));
    assert_ptr_equal(held, other);
    catalog_unref(held);
}

static void one_that_says_the_same_or_nothing_does_not(void **state) {
    struct catalog *held = catalog_saying("a"), *before = held;
    assert_false(catalog_replace(&held, catalog_saying("a")));
    assert_false(catalog_replace(&held, NULL));
    assert_ptr_equal(held, before);
    catalog_unref(held);
}

static void one_that_is_cut_says_something_else(void **state) {
    struct catalog *held = catalog_saying("a"), *cut = catalog_saying("a");
    cut->is_cut = true;
    assert_true(catalog_replace(&held, cut));
    assert_ptr_equal(held, cut);
    catalog_unref(held);
}

static void one_that_was_read_for_other_names_takes_the_place(void **state) {
    const struct text users = TEXT("users");
    struct catalog *held = catalog_saying("a"), *partial = catalog_saying("a");
    partial->is_partial = true;
    assert_true(catalog_replace(&held, partial));
    struct catalog *named = catalog_saying("a"), *same = catalog_saying("a");
    named->is_partial = same->is_partial = true;
    named->names = catalog_names_create(&users, 1);
    same->names = catalog_names_ref(named->names);
    assert_true(catalog_replace(&held, named));
    assert_false(catalog_replace(&held, same));
    assert_ptr_equal(held, named);
    catalog_unref(held);
}

static void the_more_there_are_the_less_often_each_is_read(void **state) {
    assert_int_equal(catalog_seconds(1), 30);
    assert_int_equal(catalog_seconds(50), 30);
    assert_int_equal(catalog_seconds(51), 60);
    assert_int_equal(catalog_seconds(500), 300);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_lie_behind_the_rows),
        cmocka_unit_test(the_more_there_are_the_less_often_each_is_read),
        cmocka_unit_test(one_that_says_something_else_takes_the_place),
        cmocka_unit_test(one_that_says_the_same_or_nothing_does_not),
        cmocka_unit_test(one_that_is_cut_says_something_else),
        cmocka_unit_test(one_that_was_read_for_other_names_takes_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
