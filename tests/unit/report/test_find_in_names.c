/* Names shared by two migrations: which one to rename, and to what. */
#include "fixture.h"

static void a_number_that_two_have_is_a_note_without_a_database(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0001_c@3000");
    look(world);
    assert_text(problem(world, "duplicate-prefix"),
                "0001_c.sql: note: has the same number as 0001_b: Drizzle runs both, but drizzle-kit keeps one "
                "snapshot per number; while it has run nowhere, rename it to 0002_c.sql, and the tag of its entry to "
                "0002_c [duplicate-prefix]");
}

static void the_one_that_has_run_nowhere_is_to_be_renamed(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c", "0007_d");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0001_c@3000", "0007_d@4000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_c@3000");
    look(world);
    assert_text(problem(world, "duplicate-prefix"),
                "0001_b.sql: warning: has the same number as 0001_c, which has run, and has itself run nowhere: "
                "Drizzle runs both, but drizzle-kit keeps one snapshot per number; rename it to 0008_b.sql, and the "
                "tag of its entry to 0008_b [duplicate-prefix]");
}

static void where_both_have_run_nothing_is_to_be_done(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0001_c@3000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0001_b@2000", "file:0001_c@3000");
    look(world);
    assert_problems("");
}

static void of_three_each_is_compared_with_the_first(void **state) {
    struct world *world = *state;
    FILES(world, "0001_a", "0001_b", "0001_c");
    ENTRIES(world, "0001_a@1000", "0001_b@2000", "0001_c@3000");
    look(world);
    assert_problems("duplicate-prefix duplicate-prefix");
    struct text said = render_problems(world->arena, world->view);
    assert_holds_text(said, "0001_b.sql: note: has the same number as 0001_a");
    assert_holds_text(said, "0001_c.sql: note: has the same number as 0001_a");
}

static void the_wrong_database_says_nothing_of_what_has_run(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0001_c@3000");
    LEDGER(world, "wrong", "text:x@1", "text:y@2");
    look(world);
    assert_true(text_starts(problem(world, "duplicate-prefix"), "0001_c.sql: note: "));
}

static void case_alone_is_lost_on_other_systems(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_POSTS", "0001_posts");
    ENTRIES(world, "0000_a@1000", "0001_POSTS@2000", "0001_posts@3000");
    look(world);
    assert_problems("case-clash");
    assert_text(problem(world, "case-clash"),
                "0001_posts.sql: warning: differs from 0001_POSTS.sql only in case: on macOS and "
                "Windows one of them is lost; rename it to 0002_posts.sql, and the tag of its entry to 0002_posts "
                "[case-clash]");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_posts@3000");
    look(world);
    assert_holds_text(problem(world, "case-clash"), "0001_POSTS.sql: warning: differs from 0001_posts.sql");
}

static void an_unlisted_one_has_no_entry_to_rename(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0000_A");
    ENTRIES(world, "0000_A@1000");
    look(world);
    assert_holds_text(problem(world, "case-clash"), "0000_a.sql: warning: differs from 0000_A.sql");
    assert_holds_text(problem(world, "case-clash"), "; rename it to 0001_a.sql [case-clash]");
}

static void a_free_number_is_as_wide_as_those_there(void **state) {
    struct world *world = *state;
    FILES(world, "09_a", "99_b", "99_c");
    ENTRIES(world, "09_a@1000", "99_b@2000", "99_c@3000");
    look(world);
    assert_holds_text(problem(world, "duplicate-prefix"), "rename it to 100_c.sql");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_number_that_two_have_is_a_note_without_a_database),
        world_test(the_one_that_has_run_nowhere_is_to_be_renamed),
        world_test(where_both_have_run_nothing_is_to_be_done),
        world_test(of_three_each_is_compared_with_the_first),
        world_test(the_wrong_database_says_nothing_of_what_has_run),
        world_test(case_alone_is_lost_on_other_systems),
        world_test(an_unlisted_one_has_no_entry_to_rename),
        world_test(a_free_number_is_as_wide_as_those_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
