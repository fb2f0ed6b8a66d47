#include "fixture.h"

static void names_without_a_number_and_down_scripts_are_no_migrations(void **state) {
    struct world *world = *state;
    FILES(world, "seed", "README", "0001", "0001-x", "v1_x", "_x", "0002_a.down", "0002_a_down", "0002_a.rollback",
          "0002_a_rollback", "0002_a.undo", "0002_a.revert", "0003_downtown", "20250101000000_x");
    entries(world, (const char *const[]){NULL});
    look(world);
    for (size_t i = 0; i < world->view->join->count; i++) {
        const struct migration *it = &world->view->join->migrations[i];
        bool counts = text_is(it->tag, "0003_downtown") || text_is(it->tag, "20250101000000_x");
        bool is_down = text_starts(it->tag, "0002");
        assert_int_equal(it->kind, counts ? MIGRATION_COUNTS : MIGRATION_EXCLUDED);
        assert_int_equal(it->reason, counts ? REASON_NONE : is_down ? REASON_SUFFIX : REASON_NAME);
    }
}

static void what_the_journal_names_is_a_migration_whatever_its_name(void **state) {
    struct world *world = *state;
    FILES(world, "seed", "0002_a.down", "_none");
    ENTRIES(world, "seed@1000", "0002_a.down@2000", "_none@3000");
    look(world);
    assert_overall("0002_a.down journaled, _none journaled, seed journaled");
}

static void a_rule_comes_before_the_journal_and_the_first_line_that_fits_decides(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "seed", "0000_c", "0003_x.down");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    rules_file(world, "exclude 0001_*\ninclude 0001_b\ninclude seed\ninclude 0000_c.sql\ninclude *.down\n");
    look(world);
    assert_overall("0000_a journaled, 0000_c unjournaled, 0001_b excluded, 0003_x.down unjournaled, seed unjournaled");
}

static void a_listed_file_that_is_gone_is_missing_even_when_a_rule_excludes_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0001_gone@2000");
    rules_file(world, "exclude 0001_gone\n");
    look(world);
    assert_overall("0000_a journaled, 0001_gone missing");
}

static void leftovers_are_held_for_what_they_share_with_a_listed_one(void **state) {
    struct world *world = *state;
    file(world, "0001_a.sql", "one");
    file(world, "0002_b.sql", "two");
    file(world, "0003_bytes.sql", "two");
    file(world, "1_number.sql", "three");
    file(world, "0002_b copy.sql", "four");
    file(world, "0002_b (1).sql", "four");
    file(world, "0002_b 2.sql", "five");
    file(world, "0004_free.sql", "six");
    file(world, "0005_free.sql", "six");
    ENTRIES(world, "0001_a@1000", "0002_b@2000");
    look(world);
    static const struct {
        const char *tag;
        enum migration_reason reason;
        const char *other;
    } expected[] = {
        {"0003_bytes", REASON_SAME_BYTES, "0002_b"}, {"1_number", REASON_SAME_NUMBER, "0001_a"},
        {"0002_b copy", REASON_COPY, "0002_b"},      {"0002_b (1)", REASON_COPY, "0002_b"},
        {"0002_b 2", REASON_COPY, "0002_b"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct migration *it = migration(world, expected[i].tag);
        assert_int_equal(it->kind, MIGRATION_HELD);
        assert_int_equal(it->reason, expected[i].reason);
        assert_text(world->view->join->migrations[it->other].tag, expected[i].other);
    }
    /* These two unlisted files have the same bytes, but no listed one has. */
    assert_int_equal(migration(world, "0004_free")->kind, MIGRATION_COUNTS);
    assert_int_equal(migration(world, "0005_free")->kind, MIGRATION_COUNTS);
}

static void a_listed_migration_without_a_file_still_holds_its_number(void **state) {
    struct world *world = *state;
    FILES(world, "0004_new");
    ENTRIES(world, "0004_gone@1000");
    look(world);
    assert_overall("0004_gone missing, 0004_new held");
}

/* The entry 0004_new.sql reads 0004_new.sql.sql. It was meant for 0004_new.sql, so its number must
 * not hold that file. */

static void an_entry_with_sql_in_its_tag_does_not_hold_the_file_it_means(void **state) {
    struct world *world = *state;
    FILES(world, "0004_new", "0004_other");
    ENTRIES(world, "0004_new.sql@1000");
    look(world);
    assert_overall("0004_new unjournaled, 0004_new.sql missing, 0004_other held");
}

static void a_name_that_is_not_utf8_waits_for_a_decision_even_with_a_rule(void **state) {
    struct world *world = *state;
    file(world, "0001_\xff.sql", "x");
    entries(world, (const char *const[]){NULL});
    rules_file(world, "include 0001_*\n");
    look(world);
    assert_int_equal(world->view->join->migrations[0].reason, REASON_ENCODING);
    assert_int_equal(world->view->join->migrations[0].state, STATE_HELD);
}

static void with_an_unreadable_journal_what_has_run_stands_for_what_was_listed(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0001_c", "0002_d", "0002_e");
    journal(world, "<<<<<<< HEAD\n");
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_overall("0000_a unjournaled, 0001_b unjournaled, 0001_c held, 0002_d unjournaled, 0002_e unjournaled");
}

static void what_is_like_a_leftover_and_has_its_row_wherever_there_are_rows_is_a_migration(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0000_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "one", "file:0000_a@1000", "file:0000_b@900");
    empty_ledger(world, "empty");
    look(world);
    assert_int_equal(migration(world, "0000_b")->kind, MIGRATION_COUNTS);
    assert_int_equal(migration(world, "0000_b")->reason, REASON_NONE);
    LEDGER(world, "two", "file:0000_a@1000");
    look(world);
    assert_int_equal(migration(world, "0000_b")->kind, MIGRATION_HELD);
}

static void a_copy_of_a_migration_that_has_its_row_stays_held(void **state) {
    struct world *world = *state;
    file(world, "0001_a.sql", "same");
    file(world, "0002_b.sql", "same");
    ENTRIES(world, "0001_a@1000");
    LEDGER(world, "db", "text:same@1000");
    look(world);
    assert_overall("0001_a applied, 0002_b held");
}

static void a_copy_of_an_unlisted_file_that_has_run_is_held(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "first");
    file(world, "0001_b.sql", "same");
    file(world, "0002_c.sql", "same");
    file(world, "0003_d.sql", "same");
    ENTRIES(world, "0000_a@1000");
    rules_file(world, "include 0003_d\n");
    LEDGER(world, "db", "text:first@1000", "text:same@2000");
    look(world);
    assert_overall("0000_a applied, 0001_b unjournaled, 0002_c held, 0003_d unjournaled");
    assert_int_equal(migration(world, "0002_c")->reason, REASON_SAME_BYTES);
    assert_int_equal(migration(world, "0002_c")->other, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(what_is_like_a_leftover_and_has_its_row_wherever_there_are_rows_is_a_migration),
        world_test(a_copy_of_a_migration_that_has_its_row_stays_held),
        world_test(a_copy_of_an_unlisted_file_that_has_run_is_held),
        world_test(names_without_a_number_and_down_scripts_are_no_migrations),
        world_test(what_the_journal_names_is_a_migration_whatever_its_name),
        world_test(a_rule_comes_before_the_journal_and_the_first_line_that_fits_decides),
        world_test(a_listed_file_that_is_gone_is_missing_even_when_a_rule_excludes_it),
        world_test(leftovers_are_held_for_what_they_share_with_a_listed_one),
        world_test(a_listed_migration_without_a_file_still_holds_its_number),
        world_test(an_entry_with_sql_in_its_tag_does_not_hold_the_file_it_means),
        world_test(a_name_that_is_not_utf8_waits_for_a_decision_even_with_a_rule),
        world_test(with_an_unreadable_journal_what_has_run_stands_for_what_was_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
