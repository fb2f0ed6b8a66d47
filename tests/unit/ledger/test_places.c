/* The rules for connections: the limit after a server's answer, and which database may connect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/places.h"

enum { USUAL = 64 };

static struct ledger_places places_held(size_t limit, size_t databases, size_t open, size_t connecting) {
    struct ledger_places places = ledger_places_of_server(limit);
    struct ledger_held none = {0}, held = {.open = open, .connecting = connecting};
    places.databases = databases;
    ledger_places_count(&places, &none, &held);
    return places;
}

static size_t limit_told(size_t open, size_t connecting, size_t offered, size_t taken) {
    struct ledger_places places = places_held(0, 1000, open, connecting);
    ledger_places_hear(&places, offered, taken, places.came);
    return places.limit;
}

static void a_server_is_asked_where_the_user_has_said_no_number(void **state) {
    struct ledger_places any = places_held(0, 1, 0, 0), told = places_held(100, 200, 0, 0);
    assert_true(ledger_places_ask(&any));
    assert_false(ledger_places_ask(&told));
}

static void places_are_short_when_less_than_half_of_them_are_free(void **state) {
    struct ledger_places any = places_held(0, 1, 1, 0), told = places_held(100, 200, 1, 0);
    ledger_places_hear(&any, 100, 50, any.came);
    assert_false(ledger_places_are_short(&any));
    ledger_places_hear(&any, 100, 51, any.came);
    assert_true(ledger_places_are_short(&any));
    ledger_places_hear(&told, 100, 99, told.came);
    assert_false(ledger_places_are_short(&told));
}

static void half_of_the_places_without_what_others_have_is_the_limit(void **state) {
    assert_int_equal(limit_told(64, 0, 1000, 64), 500);
    assert_int_equal(limit_told(64, 0, 1000, 264), 300);
    assert_int_equal(limit_told(300, 0, 1000, 300), 500);
    assert_int_equal(limit_told(64, 60, 1000, 64), 440); /* the server may not have counted ours */
}

/* Sixty connect after the query, and the server answers that 100 connections are in use. All but
 * our 40 may belong to others. */
static void what_connects_or_ends_after_the_question_does_not_count_as_ours(void **state) {
    struct ledger_places places = places_held(0, 1000, 40, 0);
    struct ledger_held none = {0}, sixty = {.open = 60}, ten = {.open = 10};
    size_t came = places.came;
    ledger_places_count(&places, &none, &sixty);
    ledger_places_hear(&places, 1000, 100, came);
    assert_int_equal(places.limit, 440);
    ledger_places_count(&places, &ten, &none);
    ledger_places_hear(&places, 1000, 100, came);
    assert_int_equal(places.limit, 430);
    ledger_places_hear(&places, 1000, 100, 0);
    assert_int_equal(places.limit, 400);
}

static void a_server_that_was_not_asked_changes_nothing(void **state) {
    struct ledger_places places = places_held(0, 1000, 300, 0);
    ledger_places_hear(&places, 0, 0, places.came);
    assert_int_equal(places.limit, USUAL);
}

static void it_is_never_less_than_the_usual_or_than_half_of_a_small_server(void **state) {
    assert_int_equal(limit_told(64, 0, 200, 199), USUAL);
    assert_int_equal(limit_told(64, 0, 100, 70), 50);
    assert_int_equal(limit_told(1, 0, 1000, 999), USUAL);
    assert_int_equal(limit_told(64, 0, 100, SIZE_MAX), 50);
}

static void what_the_user_says_is_not_moved_by_what_the_server_tells(void **state) {
    struct ledger_places places = places_held(100, 200, 100, 0);
    ledger_places_hear(&places, 1000, 100, places.came);
    assert_int_equal(places.limit, 100);
    ledger_places_hear(&places, 100, 100, places.came);
    assert_false(ledger_places_are_overdrawn(&places));
}

static void places_are_given_back_only_when_three_quarters_are_taken(void **state) {
    struct ledger_places places = places_held(0, 1000, 200, 0);
    ledger_places_hear(&places, 400, 300, places.came);
    assert_int_equal(places.limit, 100);
    assert_true(ledger_places_are_full(&places));
    assert_false(ledger_places_are_overdrawn(&places));
    ledger_places_hear(&places, 400, 301, places.came);
    assert_true(ledger_places_are_overdrawn(&places));
    ledger_places_hear(&places, 400, 200, places.came);
    assert_false(ledger_places_are_overdrawn(&places));
}

static void a_refusal_is_heeded_for_good(void **state) {
    struct ledger_places places = places_held(0, 1000, 300, 0);
    ledger_places_hear(&places, 1000, 300, places.came);
    ledger_places_refuse(&places);
    assert_int_equal(places.limit, USUAL);
    assert_true(ledger_places_are_overdrawn(&places));
    ledger_places_hear(&places, 1000, 300, places.came);
    assert_int_equal(places.limit, USUAL);
}

static void a_refusal_leaves_half_of_what_could_be_had_but_not_less_than_a_few(void **state) {
    struct ledger_places places = places_held(50, 50, 40, 0);
    ledger_places_refuse(&places);
    assert_int_equal(places.limit, 20);
    places = places_held(50, 50, 3, 0);
    ledger_places_refuse(&places);
    assert_int_equal(places.limit, 8);
    places = places_held(2, 50, 1, 0);
    ledger_places_refuse(&places);
    assert_int_equal(places.limit, 2);
}

static void those_that_failed_get_half_of_the_places_where_there_are_too_few(void **state) {
    struct ledger_places places = places_held(4, 10, 0, 0);
    struct ledger_held none = {0}, failing = {.open = 2, .failing = 2};
    assert_true(ledger_places_admit(&places, true));
    ledger_places_count(&places, &none, &failing);
    assert_false(ledger_places_admit(&places, true));
    assert_true(ledger_places_admit(&places, false));
    places.databases = 4;
    assert_true(ledger_places_admit(&places, true));
    places = places_held(1, 10, 0, 0);
    assert_true(ledger_places_admit(&places, true));
}

static void only_so_many_connect_to_one_server_at_once(void **state) {
    struct ledger_places places = places_held(1000, 1000, 164, 63), all = ledger_places_of_all(1000);
    struct ledger_held none = {0}, one = {.open = 1, .connecting = 1}, many = {.open = 500, .connecting = 500};
    assert_true(ledger_places_admit(&places, false));
    ledger_places_count(&places, &none, &one);
    assert_false(ledger_places_admit(&places, false));
    ledger_places_count(&all, &none, &many);
    assert_true(ledger_places_admit(&all, false));
}

static void a_fleet_is_read_some_databases_at_a_time(void **state) {
    struct ledger_places places = places_held(0, 500, 0, 0), all = ledger_places_of_all(1000);
    struct ledger_held none = {0}, many = {.reading = 15}, one = {.reading = 1};
    ledger_places_count(&places, &none, &many);
    assert_true(ledger_places_have_turn(&places, false));
    ledger_places_count(&places, &none, &one);
    assert_false(ledger_places_have_turn(&places, false));
    ledger_places_count(&all, &none, &many);
    ledger_places_count(&all, &none, &many);
    assert_true(ledger_places_have_turn(&all, false)); /* another server has its own */
    ledger_places_count(&places, &one, &none);
    assert_true(ledger_places_have_turn(&places, false));
}

static void those_that_failed_get_half_of_the_turns_where_there_are_too_few(void **state) {
    struct ledger_places places = places_held(0, 17, 0, 0);
    struct ledger_held none = {0}, failing = {.reading = 8, .retrying = 8};
    ledger_places_count(&places, &none, &failing);
    assert_false(ledger_places_have_turn(&places, true));
    assert_true(ledger_places_have_turn(&places, false));
    places.databases = 16;
    assert_true(ledger_places_have_turn(&places, true));
}

static void a_server_that_answers_nothing_is_tried_for_all_at_once(void **state) {
    struct ledger_places places = places_held(0, 500, 0, 0);
    struct ledger_held none = {0}, many = {.reading = 16, .retrying = 16};
    ledger_places_count(&places, &none, &many);
    assert_false(ledger_places_have_turn(&places, false));
    places.is_silent = true;
    assert_true(ledger_places_have_turn(&places, false));
    assert_true(ledger_places_have_turn(&places, true));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_asked_where_the_user_has_said_no_number),
        cmocka_unit_test(places_are_short_when_less_than_half_of_them_are_free),
        cmocka_unit_test(half_of_the_places_without_what_others_have_is_the_limit),
        cmocka_unit_test(what_connects_or_ends_after_the_question_does_not_count_as_ours),
        cmocka_unit_test(a_server_that_was_not_asked_changes_nothing),
        cmocka_unit_test(it_is_never_less_than_the_usual_or_than_half_of_a_small_server),
        cmocka_unit_test(what_the_user_says_is_not_moved_by_what_the_server_tells),
        cmocka_unit_test(places_are_given_back_only_when_three_quarters_are_taken),
        cmocka_unit_test(a_refusal_is_heeded_for_good),
        cmocka_unit_test(a_refusal_leaves_half_of_what_could_be_had_but_not_less_than_a_few),
        cmocka_unit_test(those_that_failed_get_half_of_the_places_where_there_are_too_few),
        cmocka_unit_test(only_so_many_connect_to_one_server_at_once),
        cmocka_unit_test(a_fleet_is_read_some_databases_at_a_time),
        cmocka_unit_test(those_that_failed_get_half_of_the_turns_where_there_are_too_few),
        cmocka_unit_test(a_server_that_answers_nothing_is_tried_for_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
