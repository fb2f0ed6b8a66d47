/* When a wait in vain says something of the whole server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/silence.h"

static const struct ledger_turn let_in = {LEDGER_PROGRESS_NONE, LEDGER_PHASE_ASKING, 0, false},
                                connects = {LEDGER_PROGRESS_NONE, LEDGER_PHASE_CONNECTING, 0, false},
                                answers = {LEDGER_PROGRESS_ANSWERED, LEDGER_PHASE_KEPT, 0, false},
                                refuses = {LEDGER_PROGRESS_FAILED, LEDGER_PHASE_CLOSED, 0, false};

static void a_server_that_was_never_heard_is_silent(void **state) {
    struct ledger_silence silence = {0};
    assert_false(ledger_silence_hear(&silence, &connects, 5)); /* our own process said that */
    assert_true(ledger_silence_is_general(&silence, LEDGER_PHASE_CONNECTING, 1));
    assert_true(ledger_silence_is_general(&silence, LEDGER_PHASE_ASKING, 1));
}

static void an_answer_or_a_refusal_ends_it(void **state) {
    const struct ledger_turn *const turns[] = {&answers, &refuses};
    for (int i = 0; i < 2; i++) {
        struct ledger_silence silence = {0};
        assert_true(ledger_silence_hear(&silence, turns[i], 10));
        assert_false(ledger_silence_is_general(&silence, LEDGER_PHASE_CONNECTING, 9));
        assert_false(ledger_silence_is_general(&silence, LEDGER_PHASE_ASKING, 9));
        assert_true(ledger_silence_is_general(&silence, LEDGER_PHASE_CONNECTING, 10));
        assert_true(ledger_silence_is_general(&silence, LEDGER_PHASE_ASKING, 10));
    }
}

static void a_login_says_nothing_of_answers(void **state) {
    struct ledger_silence silence = {0};
    assert_false(ledger_silence_hear(&silence, &let_in, 10));
    assert_false(ledger_silence_is_general(&silence, LEDGER_PHASE_CONNECTING, 9));
    assert_true(ledger_silence_is_general(&silence, LEDGER_PHASE_ASKING, 9));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_was_never_heard_is_silent),
        cmocka_unit_test(an_answer_or_a_refusal_ends_it),
        cmocka_unit_test(a_login_says_nothing_of_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
