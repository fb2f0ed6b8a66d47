/* What a connection asks for, and when: the columns, the rows and the catalogs. */
#include "answering.h"

/* The rows cannot be asked for before the columns are known, and then the catalogs must be of the
 * same snapshot, so the first query would read them for nothing. */
static void the_first_read_reads_the_catalogs_once(void **state) {
    assert_string_equal(read_at(1000), "a rc");
    assert_non_null(catalog);
}

static void what_the_catalogs_are_asked_for_is_known_ahead(void **state) {
    set_names("users", NULL);
    has_tool = true;
    is_large = true;
    assert_string_equal(read_at(1000), "a rcnt");
    assert_true(catalog->is_partial);
    assert_string_equal(read_at(3000), "r");
    assert_string_equal(read_at(1000 + CATALOGS_MS), "rcnt");
}

static void catalogs_that_are_other_than_when_they_were_last_read_are_read_again(void **state) {
    set_names("users", NULL);
    assert_string_equal(read_at(1000), "a rc");
    has_tool = true;
    assert_string_equal(read_at(1000 + CATALOGS_MS), "rc rct");
    is_large = true;
    assert_string_equal(read_at(1000 + 2 * CATALOGS_MS), "rct rcnt");
    has_tool = is_large = false;
    assert_string_equal(read_at(1000 + 3 * CATALOGS_MS), "rcnt rc");
}

/* Where the ledger is gone each time the rest is asked for. */
static void what_was_asked_ahead_is_not_taken_for_catalogs(void **state) {
    has_ledger = false;
    fails = true;
    assert_string_equal(read_at(1000), "a c a c a");
    assert_null(catalog);
    fails = false;
    assert_string_equal(read_at(3000), "c");
    assert_non_null(catalog);
}

static void a_database_without_a_ledger_has_its_catalogs_read_too(void **state) {
    has_ledger = false;
    assert_string_equal(read_at(1000), "a c");
    assert_string_equal(read_at(2000), "-");
    assert_string_equal(read_at(1000 + CATALOGS_MS), "c");
}

static void a_poll_that_finds_the_same_rows_reads_no_catalog(void **state) {
    read_at(1000);
    for (int64_t now = 3000; now < 1000 + CATALOGS_MS; now += 2000) {
        assert_string_equal(read_at(now), "r");
    }
}

static void rows_that_changed_are_read_again_with_the_catalogs_of_their_moment(void **state) {
    read_at(1000);
    row_count = 2;
    assert_string_equal(read_at(3000), "r rc");
    assert_string_equal(read_at(5000), "r");
}

static void catalogs_are_read_again_every_thirty_seconds(void **state) {
    read_at(1000);
    for (int64_t last = 1000; last < 5 * CATALOGS_MS; last += CATALOGS_MS) {
        assert_string_equal(read_at(last + CATALOGS_MS - 1), "r");
        assert_string_equal(read_at(last + CATALOGS_MS), "rc");
        assert_string_equal(read_at(last + CATALOGS_MS + 1), "r");
    }
}

static void a_request_has_the_catalogs_read_by_the_next_read(void **state) {
    read_at(1000);
    ledger_postgres.refresh_catalogs(connection);
    assert_string_equal(read_at(3000), "rc");
    assert_string_equal(read_at(5000), "r");
}

static void a_request_while_the_catalogs_are_read_has_them_read_again(void **state) {
    read_at(1000);
    ledger_postgres.refresh_catalogs(connection);
    begin_read(3000);
    ledger_postgres.refresh_catalogs(connection);
    assert_string_equal(finish_read(3000), "rc rc");
}

/* The server may end a connection just when it is asked. */
static void a_kept_session_that_ends_before_it_takes_the_query_is_replaced(void **state) {
    read_at(1000);
    assert_int_equal(spawned, 1);
    begin_read(3000);
    assert_int_equal(spawned, 1);
    close(session); /* with the query unread */
    session = -1;
    struct ledger_turn turn = proceed(3000);
    assert_int_equal(turn.progress, LEDGER_PROGRESS_NONE);
    assert_int_equal(turn.phase, LEDGER_PHASE_CONNECTING);
    assert_int_equal(turn.deadline, 3000 + TIMEOUT_MS);
    assert_int_equal(spawned, 2);
    assert_string_equal(finish_read(3000), "r");
}

static void only_one_session_is_tried_in_place_of_a_kept_one(void **state) {
    read_at(1000);
    begin_read(3000);
    close(session);
    session = -1;
    proceed(3000);
    close(session);
    session = -1;
    assert_int_equal(proceed(3000).progress, LEDGER_PROGRESS_FAILED);
    assert_int_equal(spawned, 2);
}

static void a_session_that_ends_with_the_query_is_a_failure(void **state) {
    struct error error;
    read_at(1000);
    begin_read(3000);
    put_waits(WIRE_ASKING);
    send_out();
    assert_int_equal(proceed(3000).progress, LEDGER_PROGRESS_NONE);
    close(session);
    session = -1;
    assert_int_equal(ledger_postgres.proceed(connection, 3000, &error).progress, LEDGER_PROGRESS_FAILED);
    assert_string_equal(error.sentence, "it ended");
    assert_int_equal(spawned, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        connection_test(the_first_read_reads_the_catalogs_once),
        connection_test(what_the_catalogs_are_asked_for_is_known_ahead),
        connection_test(catalogs_that_are_other_than_when_they_were_last_read_are_read_again),
        connection_test(what_was_asked_ahead_is_not_taken_for_catalogs),
        connection_test(a_database_without_a_ledger_has_its_catalogs_read_too),
        connection_test(a_poll_that_finds_the_same_rows_reads_no_catalog),
        connection_test(rows_that_changed_are_read_again_with_the_catalogs_of_their_moment),
        connection_test(catalogs_are_read_again_every_thirty_seconds),
        connection_test(a_request_has_the_catalogs_read_by_the_next_read),
        connection_test(a_request_while_the_catalogs_are_read_has_them_read_again),
        connection_test(a_kept_session_that_ends_before_it_takes_the_query_is_replaced),
        connection_test(only_one_session_is_tried_in_place_of_a_kept_one),
        connection_test(a_session_that_ends_with_the_query_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
