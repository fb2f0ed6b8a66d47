#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/drizzle/state.h"

static void every_state_has_a_name_of_its_own_and_a_meaning(void **state) {
    for (enum state one = 0; one < STATE_COUNT; one++) {
        assert_true(strlen(state_name(one)) > 0 && strlen(state_facts(one)->meaning) > 0);
        assert_true(state_facts(one)->is_overall || state_facts(one)->is_per_database);
        for (enum state other = 0; other < one; other++) {
            assert_string_not_equal(state_name(one), state_name(other));
        }
    }
}

static void their_order_is_that_in_which_the_first_that_fits_counts(void **state) {
    static const char *const names[] = {"missing", "rerun",    "skipped",    "held",    "unjournaled",
                                        "pending", "modified", "unknown",    "applied", "journaled",
                                        "unread",  "excluded", "not-applied"};
    assert_int_equal(STATE_COUNT, sizeof names / sizeof *names);
    for (enum state one = 0; one < STATE_COUNT; one++) {
        assert_string_equal(state_name(one), names[one]);
    }
}

static void some_states_are_only_overall_or_only_of_a_database(void **state) {
    static const enum state overall[] = {STATE_HELD, STATE_UNJOURNALED, STATE_JOURNALED, STATE_EXCLUDED};
    for (size_t i = 0; i < 4; i++) {
        assert_false(state_facts(overall[i])->is_per_database);
    }
    assert_false(state_facts(STATE_NOT_APPLIED)->is_overall);
    assert_true(state_facts(STATE_PENDING)->is_overall && state_facts(STATE_PENDING)->is_per_database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_a_name_of_its_own_and_a_meaning),
        cmocka_unit_test(their_order_is_that_in_which_the_first_that_fits_counts),
        cmocka_unit_test(some_states_are_only_overall_or_only_of_a_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
