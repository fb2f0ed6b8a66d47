/* When each database is read, and what happens to the answer. The driver of the test answers as
 * told. */
#include "reading.h"

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

/* ---- a fleet on one server ---- */

/* All fakes. */
static void create_fleet(void) {
    struct ledger_reader_database fleet[FAKES];
    char own[FAKES][12];
    struct error error;
    for (int i = 0; i < FAKES; i++) {
        snprintf(own[i], sizeof own[i], "%d", i);
        fleet[i] = (struct ledger_reader_database){.name = own[i], .conninfo = own[i]};
    }
    reader = ledger_reader_create(&options, fleet, FAKES, say, NULL, &error);
    assert_non_null(reader);
}

enum { AT_ONCE = 16 };

static int being_read(int from) {
    int count = 0;
    for (int i = from; i < FAKES; i++) {
        count += fakes[i].phase == LEDGER_PHASE_CONNECTING || fakes[i].phase == LEDGER_PHASE_ASKING;
    }
    return count;
}

static int have_begun(int from) {
    int count = 0;
    for (int i = from; i < FAKES; i++) {
        count += fakes[i].begun > 0;
    }
    return count;
}

static void read_fleet(int *ret_most) {
    *ret_most = 0;
    for (uint64_t request = ledger_reader_request(reader); !ledger_reader_has_read(reader, request);) {
        turn();
        *ret_most = being_read(0) > *ret_most ? being_read(0) : *ret_most;
    }
}

/* Also when all have a connection already. */
static void a_fleet_is_read_some_at_a_time_and_each_once(void **state) {
    int most;
    for (int i = 0; i < FAKES; i++) {
        fakes[i].steps = (unsigned)i % 3;
    }
    create_fleet();
    for (unsigned round = 1; round <= 3; round++) {
        read_fleet(&most);
        assert_int_equal(most, AT_ONCE);
        for (int i = 0; i < FAKES; i++) {
            assert_int_equal(ledger_at((size_t)i)->status, LEDGER_READ);
            assert_int_equal(fakes[i].begun, round);
        }
    }
}

/* Each costs little, and what changed shows at once. */
static void kept_connections_are_polled_all_at_once(void **state) {
    int most;
    options.poll_ms = 50;
    create_fleet();
    read_fleet(&most);
    for (int i = 0; i < FAKES; i++) {
        fakes[i].manner = FAKE_IS_SILENT;
    }
    poll(NULL, 0, 2 * (int)options.poll_ms); /* until all are due */
    ledger_reader_step(reader);
    assert_int_equal(being_read(0), FAKES);
}

static void those_that_hang_leave_turns_to_the_others(void **state) {
    int most;
    options.timeout_ms = 200;
    for (int i = 0; i < FAKES; i++) {
        fakes[i].manner = i < AT_ONCE / 2 ? FAKE_IS_SILENT : FAKE_ANSWERS;
        fakes[i].steps = 1;
    }
    create_fleet();
    read_fleet(&most);
    for (int i = 0; i < FAKES; i++) {
        assert_int_equal(ledger_at((size_t)i)->status, i < AT_ONCE / 2 ? LEDGER_UNREADABLE : LEDGER_READ);
    }
}

/* So a dead server of many databases costs not one timeout for each few of them. */
static void a_server_that_answers_nothing_is_tried_for_all_at_once(void **state) {
    options.timeout_ms = 50;
    for (int i = 0; i < FAKES; i++) {
        fakes[i].manner = FAKE_IS_SILENT;
    }
    create_fleet();
    uint64_t request = ledger_reader_request(reader);
    ledger_reader_step(reader);
    assert_int_equal(have_begun(0), AT_ONCE);
    while (strstr(ledger_at(0)->reason.bytes, "has not answered yet")) {
        turn();
    }
    assert_int_equal(have_begun(0), FAKES);
    while (!ledger_reader_has_read(reader, request)) {
        turn();
    }
}

static void a_server_that_answers_again_is_read_some_at_a_time_again(void **state) {
    int most;
    options.timeout_ms = 50;
    for (int i = 0; i < FAKES; i++) {
        fakes[i].manner = FAKE_IS_SILENT;
    }
    create_fleet();
    read_fleet(&most);
    assert_true(most > AT_ONCE);
    for (int i = 0; i < FAKES; i++) {
        fakes[i].manner = FAKE_ANSWERS;
    }
    read_fleet(&most);
    read_fleet(&most);
    assert_int_equal(most, AT_ONCE);
}

static void a_silent_server_takes_no_turn_of_another(void **state) {
    for (int i = 0; i < FAKES; i++) {
        fakes[i].server = i % 2;
        fakes[i].manner = i % 2 == 0 ? FAKE_IS_SILENT : FAKE_ANSWERS;
    }
    create_fleet();
    ledger_reader_request(reader);
    for (int i = 1; i < FAKES; i += 2) {
        while (ledger_at((size_t)i)->status != LEDGER_READ) {
            turn();
            assert_non_null(strstr(ledger_at(0)->reason.bytes, "has not answered yet"));
        }
    }
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
        reader_test(a_fleet_is_read_some_at_a_time_and_each_once),
        reader_test(kept_connections_are_polled_all_at_once),
        reader_test(those_that_hang_leave_turns_to_the_others),
        reader_test(a_server_that_answers_nothing_is_tried_for_all_at_once),
        reader_test(a_server_that_answers_again_is_read_some_at_a_time_again),
        reader_test(a_silent_server_takes_no_turn_of_another),
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
