#include "migfs/drizzle/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

static bool runs(double when, struct watermark watermark) {
    const struct journal_entry entry = {.when_number = when};
    return runner_runs(&runner_v0, &(struct runner_candidate){.entry = &entry}, watermark);
}

static void what_is_above_the_newest_row_runs(void **state) {
    const struct watermark watermark = {.kind = WATERMARK_STAMP, .stamp = 1000};
    assert_false(runs(999, watermark));
    assert_false(runs(1000, watermark));
    assert_true(runs(1000.5, watermark));
    assert_false(runs(NAN, watermark));
    const struct watermark beyond = {.kind = WATERMARK_STAMP,
                                     .stamp = 9007199254740993}; /* 9007199254740992 in JavaScript */
    assert_false(runs(9007199254740992.0, beyond));
    assert_true(runs(9007199254740994.0, beyond));
}

static void without_a_row_everything_runs_and_below_a_null_what_is_above_zero(void **state) {
    assert_true(runs(-5, (struct watermark){.kind = WATERMARK_NONE}));
    assert_true(runs(NAN, (struct watermark){.kind = WATERMARK_NONE}));
    assert_true(runs(1, (struct watermark){.kind = WATERMARK_NULL}));
    assert_false(runs(0, (struct watermark){.kind = WATERMARK_NULL}));
}

static void a_timestamp_without_an_entry_is_compared_in_the_same_way(void **state) {
    assert_true(runner_is_above((struct watermark){.kind = WATERMARK_NONE}, INT64_MIN));
    assert_false(runner_is_above((struct watermark){.kind = WATERMARK_NULL}, 0));
    assert_true(runner_is_above((struct watermark){.kind = WATERMARK_NULL}, 1));
    const struct watermark odd = {.kind = WATERMARK_STAMP, .stamp = 9007199254740993};
    assert_false(runner_is_above(odd, 9007199254740993));
    assert_true(runner_is_above(odd, 9007199254740994));
    assert_false(runner_is_above((struct watermark){.kind = WATERMARK_STAMP, .stamp = INT64_MAX}, INT64_MAX));
    assert_true(runner_is_above((struct watermark){.kind = WATERMARK_STAMP, .stamp = INT64_MIN}, -1));
}

static void v1_runs_what_no_row_names_whatever_its_date(void **state) {
    const struct watermark newest = {.kind = WATERMARK_STAMP, .stamp = INT64_MAX};
    struct runner_candidate candidate = {.name = TEXT("20250101000000_a")};
    assert_true(runner_runs(&runner_v1, &candidate, newest));
    assert_true(runner_runs(&runner_v1, &candidate, (struct watermark){.kind = WATERMARK_NONE}));
    candidate.is_named = true;
    assert_false(runner_runs(&runner_v1, &candidate, (struct watermark){.kind = WATERMARK_NONE}));
    assert_false(runner_runs(&runner_v1, &candidate, (struct watermark){.kind = WATERMARK_NULL}));
}

static void what_is_recorded_is_a_when_or_the_date_of_a_name(void **state) {
    const struct journal_entry entries[] = {{.is_when_recordable = true}, {.is_when_recordable = false}};
    assert_true(runner_records(&runner_v0, &(struct runner_candidate){.entry = &entries[0]}));
    assert_false(runner_records(&runner_v0, &(struct runner_candidate){.entry = &entries[1]}));
    assert_true(runner_records(&runner_v1, &(struct runner_candidate){.name = TEXT("20250101000000_a")}));
    assert_false(runner_records(&runner_v1, &(struct runner_candidate){.name = TEXT("notes")}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_above_the_newest_row_runs),
        cmocka_unit_test(without_a_row_everything_runs_and_below_a_null_what_is_above_zero),
        cmocka_unit_test(a_timestamp_without_an_entry_is_compared_in_the_same_way),
        cmocka_unit_test(v1_runs_what_no_row_names_whatever_its_date),
        cmocka_unit_test(what_is_recorded_is_a_when_or_the_date_of_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
