#include "migfs/drizzle/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

static bool runs(double when, struct watermark watermark) {
    return runner_runs(&(struct journal_entry){.when_number = when}, watermark);
}

static void what_is_above_the_newest_row_runs(void **state) {
    const struct watermark watermark = {.kind = WATERMARK_STAMP, .stamp = 1000};
    assert_false(runs(999, watermark));
    assert_false(runs(1000, watermark));
    assert_true(runs(1000.5, watermark));
    assert_false(runs(NAN, watermark));
    const struct watermark beyond = {.kind = WATERMARK_STAMP,
                                     .stamp = 9007199254740993}; /* 9007199254740992 to JavaScript */
    assert_false(runs(9007199254740992.0, beyond));
    assert_true(runs(9007199254740994.0, beyond));
}

static void without_a_row_everything_runs_and_below_a_null_what_is_above_zero(void **state) {
    assert_true(runs(-5, (struct watermark){.kind = WATERMARK_NONE}));
    assert_true(runs(NAN, (struct watermark){.kind = WATERMARK_NONE}));
    assert_true(runs(1, (struct watermark){.kind = WATERMARK_NULL}));
    assert_false(runs(0, (struct watermark){.kind = WATERMARK_NULL}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_above_the_newest_row_runs),
        cmocka_unit_test(without_a_row_everything_runs_and_below_a_null_what_is_above_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
