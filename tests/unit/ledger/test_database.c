/* What is read of one database, and when: its catalogs, where they are read by name. */
#include "reading.h"

static void wait_until_read(uint64_t request) {
    while (!ledger_reader_has_read(reader, request)) {
        turn();
    }
}

static void new_names_have_large_databases_read_again_and_no_others(void **state) {
    fakes[0].is_large = fakes[2].is_large = true;
    set_names("users", NULL);
    create(4);
    read_all();
    assert_int_equal(ledger_reader_request_names(reader), 0);
    set_names("posts", "users");
    fakes[1].manner = FAKE_IS_SILENT; /* so it would hold up a request that concerns it */
    uint64_t request = ledger_reader_request_names(reader);
    assert_false(ledger_reader_has_read(reader, request));
    assert_int_equal(ledger_reader_request_names(reader), request);
    wait_until_read(request);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(fakes[i].begun, fakes[i].is_large ? 2 : 1);
        assert_int_equal(fakes[i].requested, fakes[i].is_large ? 2 : 1);
        assert_int_equal(fakes[i].names, fakes[i].is_large ? 2 : 0);
    }
    assert_int_equal(ledger_reader_request_names(reader), 0);
}

static void names_that_were_asked_for_have_nothing_read_again(void **state) {
    fakes[0].is_large = true;
    set_names("posts", "users");
    create(1);
    read_all();
    set_names("users", NULL);
    assert_int_equal(ledger_reader_request_names(reader), 0);
    set_names(NULL, NULL);
    assert_int_equal(ledger_reader_request_names(reader), 0);
}

static void a_large_database_has_its_rows_read_at_once_and_its_catalogs_with_the_names(void **state) {
    fakes[0].is_large = true;
    create(2);
    assert_true(read_all());
    assert_int_equal(ledger_at(0)->status, LEDGER_READ);
    assert_null(ledger_reader_catalog(reader, 0));
    assert_non_null(ledger_reader_catalog(reader, 1));
    assert_int_equal(ledger_reader_request_names(reader), 0);
    set_names("users", NULL);
    wait_until_read(ledger_reader_request_names(reader));
    assert_ptr_equal(ledger_reader_catalog(reader, 0)->names, names);
    assert_int_equal(fakes[0].catalogs, 1);
    assert_int_equal(fakes[1].begun, 1);
}

/* The names may be forgotten and come again between two reads, which then waits once more. */
static void a_database_that_waits_for_names_again_is_read_again(void **state) {
    fakes[0].is_large = true;
    create(1);
    read_all();
    for (unsigned i = 1; i <= 2; i++) {
        set_names("users", NULL);
        wait_until_read(ledger_reader_request_names(reader));
        assert_int_equal(fakes[0].catalogs, i);
        set_names(NULL, NULL);
        assert_int_equal(ledger_reader_request_names(reader), 0);
        read_all();
    }
}

static void a_database_that_cannot_be_read_is_asked_for_new_names_in_its_own_time(void **state) {
    fakes[0].is_large = true;
    set_names("users", NULL);
    create(1);
    read_all();
    fakes[0].manner = FAKE_FAILS;
    set_names("posts", NULL);
    uint64_t request = ledger_reader_request_names(reader);
    wait_until_read(request);
    assert_int_equal(ledger_reader_request_names(reader), request);
    assert_true(ledger_reader_wait_ms(reader) > NEVER_MS / 2);
    fakes[0].manner = FAKE_ANSWERS;
    read_all();
    assert_ptr_equal(ledger_reader_catalog(reader, 0)->names, names);
    assert_int_equal(ledger_reader_request_names(reader), 0);
}

static void rows_are_never_shown_with_the_catalogs_of_others(void **state) {
    fakes[0].is_large = true;
    set_names("users", NULL);
    create(1);
    read_all();
    set_names(NULL, NULL);
    assert_false(read_all());
    assert_non_null(ledger_reader_catalog(reader, 0));
    fakes[0].is_outrun = true;
    assert_true(read_all());
    assert_null(ledger_reader_catalog(reader, 0));
    assert_false(read_all());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        reader_test(new_names_have_large_databases_read_again_and_no_others),
        reader_test(names_that_were_asked_for_have_nothing_read_again),
        reader_test(a_large_database_has_its_rows_read_at_once_and_its_catalogs_with_the_names),
        reader_test(a_database_that_waits_for_names_again_is_read_again),
        reader_test(a_database_that_cannot_be_read_is_asked_for_new_names_in_its_own_time),
        reader_test(rows_are_never_shown_with_the_catalogs_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
