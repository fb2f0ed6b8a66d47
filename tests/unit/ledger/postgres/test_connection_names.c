/* When the catalogs of a large database are asked for, and for which names. */
#include "answering.h"

/* Objects that nobody names are not read, so until the names are known the query would be for
 * nothing. */
static void a_large_database_has_its_catalogs_read_once_the_names_are_known(void **state) {
    is_large = true;
    assert_string_equal(read_at(1000), "a r");
    assert_true(waits_for_names && !catalog);
    assert_string_equal(read_at(3000), "r");
    assert_true(waits_for_names);
    set_names("users", NULL);
    assert_string_equal(read_at(5000), "rcn");
    assert_true(!waits_for_names && catalog->is_partial);
    assert_string_equal(read_at(7000), "r");
    assert_false(waits_for_names);
}

static void a_large_database_without_a_ledger_waits_for_the_names_too(void **state) {
    is_large = true;
    has_ledger = false;
    assert_string_equal(read_at(1000), "a");
    assert_true(waits_for_names && !catalog);
    set_names("users", NULL);
    assert_string_equal(read_at(3000), "cn");
    assert_non_null(catalog);
}

static void a_database_that_has_become_large_waits_for_the_names_too(void **state) {
    assert_string_equal(read_at(1000), "a rc");
    is_large = true;
    assert_string_equal(read_at(1000 + CATALOGS_MS), "rc");
    assert_true(waits_for_names && catalog->is_partial && !catalog->names);
    assert_string_equal(read_at(3000 + CATALOGS_MS), "r");
    set_names("users", NULL);
    assert_string_equal(read_at(5000 + CATALOGS_MS), "rcn");
    assert_false(waits_for_names);
}

static void while_the_names_are_not_known_no_catalogs_of_a_large_database_are_read(void **state) {
    is_large = true;
    set_names("users", NULL);
    assert_string_equal(read_at(1000), "a rcn");
    set_names(NULL, NULL);
    ledger_postgres.refresh_catalogs(connection);
    assert_string_equal(read_at(3000), "r");
    assert_true(waits_for_names && !is_catalog_old);
    row_count = 2;
    assert_string_equal(read_at(1000 + CATALOGS_MS), "r");
    assert_true(waits_for_names && is_catalog_old);
    set_names("users", NULL);
    assert_string_equal(read_at(3000 + CATALOGS_MS), "rcn");
    assert_true(!waits_for_names && !is_catalog_old);
    assert_string_equal(read_at(5000 + CATALOGS_MS), "r");
    assert_false(is_catalog_old);
    set_names(NULL, NULL);
    assert_string_equal(read_at(3000 + 2 * CATALOGS_MS), "r");
    assert_true(waits_for_names);
}

static void names_that_come_during_a_read_are_asked_for_in_it(void **state) {
    is_large = true;
    read_at(1000);
    begin_read(3000);
    set_names("users", NULL);
    assert_string_equal(finish_read(3000), "r rcn");
    ledger_postgres.refresh_catalogs(connection);
    begin_read(5000);
    set_names("posts", "users");
    assert_string_equal(finish_read(5000), "rcn rcn");
    ledger_postgres.refresh_catalogs(connection);
    begin_read(7000);
    set_names("posts", NULL);
    assert_string_equal(finish_read(7000), "rcn");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        connection_test(a_large_database_has_its_catalogs_read_once_the_names_are_known),
        connection_test(a_large_database_without_a_ledger_waits_for_the_names_too),
        connection_test(a_database_that_has_become_large_waits_for_the_names_too),
        connection_test(while_the_names_are_not_known_no_catalogs_of_a_large_database_are_read),
        connection_test(names_that_come_during_a_read_are_asked_for_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
