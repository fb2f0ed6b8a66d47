/* When each database is read, and what happens to the answer. The driver of the test answers as
 * told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

#include "driver.h"
#include "migfs/ledger/reader.h"
#include "migfs/util/clock.h"

enum { NEVER_MS = 3600000 };

static struct ledger_reader *reader;
static char said[256];

static void say(void *context, const char *sentence) {
    snprintf(said, sizeof said, "%s", sentence);
}

static struct ledger_reader_options options = {
    .drivers = fake_drivers, .schema = "s", .table = "t", .timeout_ms = FAKE_TIMEOUT_MS, .poll_ms = NEVER_MS};

static const struct ledger_reader_database databases[] = {{.name = "a", .conninfo = "0"},
                                                          {.name = "b", .conninfo = "1"},
                                                          {.name = "c", .conninfo = "2"},
                                                          {.name = "d", .conninfo = "3"}};

static void create(size_t count) {
    struct error error;
    reader = ledger_reader_create(&options, databases, count, say, NULL, &error);
    assert_non_null(reader);
}

static int begin(void **state) {
    memset(fakes, 0, sizeof fakes);
    options.timeout_ms = FAKE_TIMEOUT_MS;
    options.poll_ms = NEVER_MS;
    options.connections = 0;
    reader = NULL;
    said[0] = '\0';
    return 0;
}

static int end(void **state) {
    ledger_reader_destroy(reader);
    return 0;
}

static bool turn(void) {
    struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
    poll(&ready, 1, ledger_reader_wait_ms(reader));
    return ledger_reader_step(reader);
}

static bool read_all(void) {
    bool is_changed = false;
    for (uint64_t request = ledger_reader_request(reader); !ledger_reader_has_read(reader, request);) {
        is_changed |= turn();
    }
    return is_changed;
}

static const struct ledger *ledger_at(size_t index) {
    return ledger_reader_ledger(reader, index);
}

static void a_database_is_unreadable_until_it_has_answered(void **state) {
    fakes[0].rows = 2;
    create(1);
    assert_int_equal(ledger_at(0)->status, LEDGER_UNREADABLE);
    assert_false(ledger_at(0)->was_read);
    assert_true(read_all());
    assert_int_equal(ledger_at(0)->status, LEDGER_READ);
    assert_int_equal(ledger_at(0)->count, 2);
}

static void the_same_answer_changes_nothing(void **state) {
    create(1);
    read_all();
    const struct ledger *before = ledger_at(0);
    assert_false(read_all());
    assert_ptr_equal(ledger_at(0), before);
    fakes[0].rows = 1;
    assert_true(read_all());
}

static void a_failure_leaves_the_rows_that_were_read_last(void **state) {
    fakes[0].rows = 3;
    create(2);
    read_all();
    fakes[0].manner = FAKE_FAILS;
    assert_true(read_all());
    assert_int_equal(ledger_at(0)->status, LEDGER_UNREADABLE);
    assert_string_equal(ledger_at(0)->reason.bytes, "fake 0 fails");
    assert_int_equal(ledger_at(0)->count, 3);
    assert_int_equal(ledger_at(1)->status, LEDGER_READ);
    fakes[0].manner = FAKE_ANSWERS;
    assert_true(read_all());
    assert_int_equal(ledger_at(0)->status, LEDGER_READ);
}

static void what_cannot_be_made_a_ledger_is_a_failure(void **state) {
    fakes[0].manner = FAKE_HAS_NO_LEDGER;
    create(1);
    assert_true(read_all());
    assert_string_equal(ledger_at(0)->reason.bytes, "fake 0 has no ledger");
}

static void silence_ends_at_the_deadline_and_holds_up_no_other(void **state) {
    options.timeout_ms = 20;
    fakes[0].manner = FAKE_IS_SILENT;
    create(2);
    read_all();
    assert_string_equal(ledger_at(0)->reason.bytes, "fake 0 is silent");
    assert_int_equal(ledger_at(1)->status, LEDGER_READ);
}

static void a_read_that_had_begun_meets_no_later_request(void **state) {
    fakes[0].steps = 3;
    create(1);
    uint64_t early = ledger_reader_request(reader);
    ledger_reader_step(reader);
    uint64_t late = ledger_reader_request(reader);
    while (!ledger_reader_has_read(reader, early)) {
        turn();
    }
    assert_false(ledger_reader_has_read(reader, late));
    while (!ledger_reader_has_read(reader, late)) {
        turn();
    }
    assert_int_equal(fakes[0].begun, 2);
}

static void a_database_is_read_at_most_ten_times_a_second(void **state) {
    int64_t begun = clock_ms();
    create(1);
    for (int i = 0; i < 4; i++) {
        read_all();
    }
    assert_true(clock_ms() - begun >= 300);
}

static void databases_take_turns_where_places_are_few(void **state) {
    options.connections = 2;
    create(4);
    read_all();
    unsigned open = 0;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ledger_at((size_t)i)->status, LEDGER_READ);
        open += fakes[i].phase != LEDGER_PHASE_CLOSED;
    }
    assert_int_equal(open, 2);
}

static void a_server_without_a_place_is_asked_again_while_others_of_ours_are_there(void **state) {
    fakes[1].manner = FAKE_IS_FULL;
    create(2);
    uint64_t request = ledger_reader_request(reader);
    while (fakes[1].begun < 3) {
        turn();
    }
    assert_false(ledger_reader_has_read(reader, request));
    assert_string_equal(ledger_at(1)->reason.bytes, "has not answered yet");
    fakes[1].manner = FAKE_ANSWERS;
    while (!ledger_reader_has_read(reader, request)) {
        turn();
    }
    assert_int_equal(ledger_at(1)->status, LEDGER_READ);
}

static void another_server_does_not_count(void **state) {
    fakes[1].manner = FAKE_IS_FULL;
    fakes[1].server = 1;
    create(2);
    read_all();
    assert_string_equal(ledger_at(1)->reason.bytes, "fake 1 has no place");
}

static void a_connection_that_is_let_go_holds_no_place(void **state) {
    options.connections = 1;
    fakes[0].is_let_go = true;
    create(2);
    read_all();
    read_all();
    assert_int_equal(fakes[0].phase, LEDGER_PHASE_CLOSED);
    assert_int_equal(fakes[0].closed, 2);
    assert_int_equal(fakes[1].begun, 2);
}

static void connections_are_kept_while_half_of_the_places_are_free(void **state) {
    fakes[0].places = fakes[1].places = (struct ledger_server_places){.offered = 100, .taken = 50};
    create(2);
    read_all();
    assert_int_equal(fakes[0].phase, LEDGER_PHASE_KEPT);
    fakes[0].places.taken = fakes[1].places.taken = 51;
    read_all();
    assert_int_equal(fakes[0].phase, LEDGER_PHASE_CLOSED);
    assert_int_equal(fakes[1].phase, LEDGER_PHASE_CLOSED);
    assert_int_equal(fakes[0].places_asked_for, 2);
}

static void a_limit_of_the_users_is_all_that_counts(void **state) {
    options.connections = 1;
    fakes[0].places = (struct ledger_server_places){.offered = 100, .taken = 99};
    create(1);
    read_all();
    assert_int_equal(fakes[0].phase, LEDGER_PHASE_KEPT);
    assert_int_equal(fakes[0].places_asked_for, 0);
}

static void parameters_that_are_left_out_are_named(void **state) {
    const struct ledger_reader_database database = {.name = "staging", .conninfo = "0!"};
    struct error error;
    reader = ledger_reader_create(&options, &database, 1, say, NULL, &error);
    assert_string_equal(said, "database staging: parameters that are not passed on to the server: colour, size");
}

static void what_no_driver_takes_is_an_error_that_does_not_repeat_it(void **state) {
    const struct ledger_reader_database database = {.name = "staging", .conninfo = "x-secret"};
    struct error error;
    assert_null(ledger_reader_create(&options, &database, 1, say, NULL, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.sentence, "staging"));
    assert_null(strstr(error.sentence, "secret"));
}

#define reader_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        reader_test(a_database_is_unreadable_until_it_has_answered),
        reader_test(the_same_answer_changes_nothing),
        reader_test(a_failure_leaves_the_rows_that_were_read_last),
        reader_test(what_cannot_be_made_a_ledger_is_a_failure),
        reader_test(silence_ends_at_the_deadline_and_holds_up_no_other),
        reader_test(a_read_that_had_begun_meets_no_later_request),
        reader_test(a_database_is_read_at_most_ten_times_a_second),
        reader_test(databases_take_turns_where_places_are_few),
        reader_test(a_server_without_a_place_is_asked_again_while_others_of_ours_are_there),
        reader_test(another_server_does_not_count),
        reader_test(a_connection_that_is_let_go_holds_no_place),
        reader_test(connections_are_kept_while_half_of_the_places_are_free),
        reader_test(a_limit_of_the_users_is_all_that_counts),
        reader_test(parameters_that_are_left_out_are_named),
        reader_test(what_no_driver_takes_is_an_error_that_does_not_repeat_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
