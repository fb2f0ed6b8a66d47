/* When files are handed over before they are asked for, and how many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migfs/ahead.h"

enum { READER = 100, OTHER = 200 };

/* The files that there are, up to `last`, and what was handed over by the last reading. */
struct folder {
    struct ahead ahead;
    uint64_t last, first_handed, handed;
};

static bool hand_over(void *context, uint64_t inode) {
    struct folder *folder = context;
    if (inode > folder->last) {
        return false;
    }
    folder->first_handed = folder->handed == 0 ? inode : folder->first_handed;
    assert_int_equal(inode, folder->first_handed + folder->handed); /* in order */
    folder->handed++;
    return true;
}

static uint64_t handed_by_reading(struct folder *folder, uint64_t inode, pid_t reader) {
    folder->handed = 0;
    ahead_read(&folder->ahead, inode, reader, hand_over, folder);
    return folder->handed;
}

static void nothing_is_handed_over_for_a_single_file(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    assert_int_equal(handed_by_reading(&folder, 10, READER), 0);
    assert_int_equal(handed_by_reading(&folder, 30, READER), 0);
    assert_int_equal(handed_by_reading(&folder, 20, READER), 0);
}

static void whoever_goes_from_file_to_file_gets_more_each_time(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    uint64_t at = 10, expected = AHEAD_FIRST;
    handed_by_reading(&folder, at++, READER);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(handed_by_reading(&folder, at, READER), expected);
        assert_int_equal(folder.first_handed, at + 1);
        at += 1 + expected; /* the reader asks next for the first that was not handed over */
        expected = expected * 2 < AHEAD_MOST ? expected * 2 : AHEAD_MOST;
    }
    assert_int_equal(expected, AHEAD_MOST);
}

static void a_jump_begins_anew(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    handed_by_reading(&folder, 10, READER);
    assert_int_equal(handed_by_reading(&folder, 11, READER), AHEAD_FIRST);
    assert_int_equal(handed_by_reading(&folder, 500, READER), 0);
    assert_int_equal(handed_by_reading(&folder, 501, READER), AHEAD_FIRST);
}

static void readers_who_take_turns_get_nothing(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    for (uint64_t at = 10; at < 20; at++) {
        assert_int_equal(handed_by_reading(&folder, at, at % 2 ? READER : OTHER), 0);
    }
}

static void a_reader_whom_nobody_knows_gets_nothing(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    assert_int_equal(handed_by_reading(&folder, 10, 0), 0);
    assert_int_equal(handed_by_reading(&folder, 11, 0), 0);
}

static void the_next_after_a_file_that_could_not_be_handed_over_goes_on(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 13};
    handed_by_reading(&folder, 10, READER);
    assert_int_equal(handed_by_reading(&folder, 11, READER), 2);
    folder.last = 1000;
    assert_int_equal(handed_by_reading(&folder, 14, READER), 2 * AHEAD_FIRST);
}

static void only_one_hands_over_at_a_time(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    handed_by_reading(&folder, 10, READER);
    pthread_mutex_lock(&folder.ahead.lock);
    assert_int_equal(handed_by_reading(&folder, 11, READER), 0); /* and it does not wait */
    pthread_mutex_unlock(&folder.ahead.lock);
}

static void nothing_is_handed_over_once_it_is_stopped(void **state) {
    struct folder folder = {.ahead = AHEAD, .last = 1000};
    handed_by_reading(&folder, 10, READER);
    ahead_stop(&folder.ahead);
    assert_int_equal(handed_by_reading(&folder, 11, READER), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_handed_over_for_a_single_file),
        cmocka_unit_test(whoever_goes_from_file_to_file_gets_more_each_time),
        cmocka_unit_test(a_jump_begins_anew),
        cmocka_unit_test(readers_who_take_turns_get_nothing),
        cmocka_unit_test(a_reader_whom_nobody_knows_gets_nothing),
        cmocka_unit_test(the_next_after_a_file_that_could_not_be_handed_over_goes_on),
        cmocka_unit_test(only_one_hands_over_at_a_time),
        cmocka_unit_test(nothing_is_handed_over_once_it_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
