#include "fixture.h"

#include "join/marks.h"

/* By sha256sum, both have the mark of 20 milliseconds and 5 seconds, or whatever these two are found to share. */
static void two_with_one_mark(char (*ret_tags)[32]) {
    for (unsigned i = 0;; i++) {
        for (unsigned j = 0; j < i; j++) {
            snprintf(ret_tags[0], 32, "%04u_a", j);
            snprintf(ret_tags[1], 32, "%04u_a", i);
            struct stamp_mark one = stamp_mark(text_of(ret_tags[0])), other = stamp_mark(text_of(ret_tags[1]));
            if (one.milliseconds == other.milliseconds && one.seconds == other.seconds) {
                return;
            }
        }
    }
}

static void a_row_that_two_could_claim_by_their_marks_is_of_neither(void **state) {
    struct world *world = *state;
    char tags[2][32], line[64];
    two_with_one_mark(tags);
    int64_t made = stamp_marked(stamp_mark(text_of(tags[0])), 5000);
    snprintf(line, sizeof line, "text:as it was@%lld", (long long)made);
    files(world, (const char *const[]){"x_z", tags[0], tags[1], NULL});
    ENTRIES(world, "x_z@5000");
    ledger(world, "db", (const char *const[]){"file:x_z@5000", line, NULL});
    look(world);
    assert_int_equal(world->view->join->databases[0].ambiguous, 1);
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
    assert_int_equal(migration(world, tags[0])->standings[0].match, MATCH_NONE);
    remove(in_folder(world->folder, text_format(world->arena, "%s.sql", tags[1]).bytes));
    look(world);
    assert_int_equal(migration(world, tags[0])->standings[0].match, MATCH_MARK);
}

/* Its own `when` is above the watermark, so Drizzle would run it: the likeness of a timestamp does not keep it from that. */
static void what_the_runner_would_run_is_not_recognized_by_a_mark(void **state) {
    struct world *world = *state;
    char line[64];
    snprintf(line, sizeof line, "text:x@%lld", (long long)stamp_marked(stamp_mark(TEXT("0001_b")), 5000));
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@5000", "0001_b@99000");
    ledger(world, "db", (const char *const[]){"file:0000_a@5000", line, NULL});
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b pending -");
    assert_true(world->view->synthesis->is_identical);
    ENTRIES(world, "0000_a@5000", "0001_b@6000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b modified mark");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_row_that_two_could_claim_by_their_marks_is_of_neither),
        world_test(what_the_runner_would_run_is_not_recognized_by_a_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
