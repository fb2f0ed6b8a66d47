#include "fixture.h"
#include "marks.h"

#include "join/marks.h"

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
    assert_int_equal(world->view->join->databases[0].contested, 1);
    assert_int_equal(world->view->join->databases[0].unmatched, 1);
    assert_int_equal(migration(world, tags[0])->standings[0].match, MATCH_NONE);
    assert_true(migration(world, tags[0])->standings[0].is_claimant &&
                migration(world, tags[1])->standings[0].is_claimant);
    assert_false(migration(world, "x_z")->standings[0].is_claimant);
    remove(in_folder(world->folder, text_format(world->arena, "%s.sql", tags[1]).bytes));
    look(world);
    assert_int_equal(migration(world, tags[0])->standings[0].match, MATCH_MARK);
}

/* The rule must name only one of them. */
static void a_rule_says_which_of_two_such_a_row_is_of(void **state) {
    struct world *world = *state;
    char tags[2][32], line[64], rule[96];
    two_with_one_mark(tags);
    snprintf(line, sizeof line, "text:as it was@%lld", (long long)stamp_marked(stamp_mark(text_of(tags[0])), 5000));
    files(world, (const char *const[]){"x_z", tags[0], tags[1], NULL});
    ENTRIES(world, "x_z@5000");
    ledger(world, "db", (const char *const[]){"file:x_z@5000", line, NULL});
    for (size_t i = 0; i < 2; i++) {
        snprintf(rule, sizeof rule, "applied %s db", tags[i]);
        rules_file(world, rule);
        look(world);
        assert_int_equal(world->view->join->databases[0].contested, 0);
        assert_int_equal(migration(world, tags[i])->standings[0].match, MATCH_MARK);
        assert_int_equal(migration(world, tags[1 - i])->standings[0].match, MATCH_NONE);
    }
    rules_file(world, "applied * db");
    look(world);
    assert_int_equal(world->view->join->databases[0].contested, 1);
    assert_int_equal(migration(world, tags[0])->standings[0].match, MATCH_NONE);
}

/* Its own `when` is above the watermark, so Drizzle would run it. A similar timestamp must not hide
 * that. */
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
        world_test(a_rule_says_which_of_two_such_a_row_is_of),
        world_test(what_the_runner_would_run_is_not_recognized_by_a_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
