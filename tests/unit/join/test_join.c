#include "fixture.h"

/* ---- states in one database ---- */

static void the_states_in_one_database_follow_from_file_entry_row_and_watermark(void **state) {
    struct world *world = *state;
    FILES(world, "0000_applied", "0001_modified", "0002_skipped", "0003_rerun", "0004_changed_rerun", "0005_pending",
          "0006_not_listed", "0007_unlisted_run");
    ENTRIES(world, "0000_applied@1000", "0001_modified@2000", "0002_skipped@1500", "0003_rerun@4000",
            "0004_changed_rerun@6000", "0005_pending@5000", "0008_gone@3000", "0009_gone@9000");
    LEDGER(world, "db", "file:0000_applied@1000", "text:before@2000", "file:0003_rerun@2100",
           "raw:0004_changed_rerun@2200", "file:0007_unlisted_run@2500", "text:gone@3000");
    look(world);
    assert_in(0, "0000_applied applied hash+stamp, 0001_modified modified stamp, 0002_skipped skipped -, "
                 "0003_rerun rerun hash, 0004_changed_rerun rerun name, 0005_pending pending -, "
                 "0006_not_listed not-applied -, 0007_unlisted_run applied hash, 0008_gone missing stamp, "
                 "0009_gone missing -");
    assert_overall("0000_applied applied, 0001_modified modified, 0002_skipped skipped, 0003_rerun rerun, "
                   "0004_changed_rerun rerun, 0005_pending pending, 0006_not_listed unjournaled, "
                   "0007_unlisted_run unjournaled, 0008_gone missing, 0009_gone missing");
}

static void a_stamp_equal_to_the_watermark_is_not_above_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@1000", "0002_c@1001");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b skipped -, 0002_c pending -");
}

static void in_a_fresh_or_empty_database_everything_runs(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@\"soon\"");
    fresh_ledger(world, "fresh");
    empty_ledger(world, "empty");
    look(world);
    assert_in(0, "0000_a pending -, 0001_b pending -");
    assert_in(1, "0000_a pending -, 0001_b pending -");
}

static void a_null_stamp_makes_all_run_again(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    LEDGER(world, "db", "file:0000_a@1000", "text:x@NULL");
    look(world);
    assert_in(0, "0000_a rerun hash+stamp, 0001_b pending -");
}

static void a_when_that_is_no_number_compares_with_nothing(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@\"soon\"", "0002_c@null", "0003_d@\"5000\"");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b skipped -, 0002_c skipped -, 0003_d pending -");
}

static void a_when_beyond_what_javascript_counts_still_compares(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@20251005090321000", "0002_c@1000.5");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b pending -, 0002_c pending -");
}

static void a_database_that_cannot_be_read_is_unknown_whatever_its_last_rows_say(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0002_gone@2000");
    LEDGER(world, "last", "file:0000_a@1000");
    fail_ledger(world);
    unread_ledger(world, "never");
    look(world);
    assert_in(0, "0000_a unknown hash+stamp, 0001_b unknown -, 0002_gone unknown -");
    assert_in(1, "0000_a unknown -, 0001_b unknown -, 0002_gone unknown -");
    assert_overall("0000_a unknown, 0001_b unjournaled, 0002_gone missing");
}

/* ---- overall ---- */

static void without_a_database_what_is_listed_is_journaled(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "seed");
    ENTRIES(world, "0000_a@1000", "0002_gone@2000");
    look(world);
    assert_overall("0000_a journaled, 0001_b unjournaled, 0002_gone missing, seed excluded");
}

/* One migration and what two databases say of it: the first of the list that fits. */
static void the_overall_state_is_the_first_that_fits(void **state) {
    struct world *world = *state;
    FILES(world, "0000_rerun", "0001_skipped", "0002_modified", "0003_pending", "0004_applied", "0005_last");
    ENTRIES(world, "0000_rerun@7000", "0001_skipped@1000", "0002_modified@2000", "0003_pending@5500",
            "0004_applied@4000", "0005_last@5000");
    LEDGER(world, "one", "file:0000_rerun@100", "text:x@2000", "file:0003_pending@3000", "file:0004_applied@4000",
           "file:0005_last@5000");
    LEDGER(world, "two", "file:0001_skipped@1000", "file:0002_modified@2000", "file:0004_applied@4000",
           "file:0005_last@5000");
    look(world);
    assert_in(0, "0000_rerun rerun hash, 0001_skipped skipped -, 0002_modified modified stamp, "
                 "0003_pending rerun hash, 0004_applied applied hash+stamp, 0005_last applied hash+stamp");
    assert_in(1, "0000_rerun pending -, 0001_skipped applied hash+stamp, 0002_modified applied hash+stamp, "
                 "0003_pending pending -, 0004_applied applied hash+stamp, 0005_last applied hash+stamp");
    assert_overall("0000_rerun rerun, 0001_skipped skipped, 0002_modified modified, 0003_pending rerun, "
                   "0004_applied applied, 0005_last applied");
}

static void skipped_comes_before_unknown_and_unknown_before_pending(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@3000");
    LEDGER(world, "one", "text:x@2000");
    unread_ledger(world, "two");
    look(world);
    assert_overall("0000_a skipped, 0001_b unknown");
}

static void held_comes_before_what_the_databases_say(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0000_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000", "file:0000_b@900");
    look(world);
    assert_overall("0000_a applied, 0000_b held");
    assert_in(0, "0000_a applied hash+stamp, 0000_b applied hash");
}

/* ---- what is a migration ---- */

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
    /* Two unlisted ones that share their bytes: neither is a leftover of a listed one. */
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

/* An entry 0004_new.sql asks for 0004_new.sql.sql: it means the file that it would hold. */
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

/* ---- rules that something ran by hand ---- */

static void a_rule_can_say_that_it_ran_in_one_database_or_in_all(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@900", "0002_c@3000");
    rules_file(world, "applied 0001_b one\napplied 0002_c\n");
    LEDGER(world, "one", "file:0000_a@1000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0002_c@3000");
    look(world);
    assert_in(0, "0000_a applied hash+stamp, 0001_b applied -, 0002_c rerun -");
    assert_in(1, "0000_a applied hash+stamp, 0001_b skipped -, 0002_c applied hash+stamp");
    assert_null(migration(world, "0002_c")->standings[1].applied_by);
    assert_int_equal(migration(world, "0001_b")->standings[0].applied_by->line, 1);
}

/* ---- entries ---- */

static void of_two_entries_with_one_tag_the_first_counts(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0000_a@2000");
    look(world);
    assert_int_equal(migration(world, "0000_a")->entry->when.number, 1000);
    assert_int_equal(world->view->join->entry_migration[1], 0);
    assert_int_equal(world->view->join->count, 1);
}

static void a_tag_that_leads_elsewhere_is_missing_and_not_followed(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "../0000_a@2000", "meta/../0000_a@3000", "@4000", "0000_a\\u0000@5000");
    look(world);
    assert_int_equal(world->view->join->count, 5);
    for (size_t i = 0; i < world->view->join->count; i++) {
        const struct migration *it = &world->view->join->migrations[i];
        assert_int_equal(it->state, text_is(it->tag, "0000_a") ? STATE_JOURNALED : STATE_MISSING);
    }
    assert_int_equal(world->view->join->aborting_entry, 1);
}

static void entries_that_name_no_file_are_of_no_migration_and_abort_the_run(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    journal(world, "{\"entries\":[{\"tag\":\"0000_a\",\"when\":1},7,null,{\"when\":3},{\"tag\":5}]}");
    look(world);
    for (size_t i = 1; i < 5; i++) {
        assert_int_equal(world->view->join->entry_migration[i], SIZE_MAX);
    }
    assert_int_equal(world->view->join->aborting_entry, 1);
}

static void snapshots_belong_to_what_stands_before_the_first_underscore(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "20250101000000_b");
    file(world, "0001_none.sql", "x");
    file(world, "0002_folder.sql", "x");
    put_directory(world->folder, "meta/0002_snapshot.json");
    look(world);
    assert_true(migration(world, "0000_a")->has_snapshot);
    assert_true(migration(world, "20250101000000_b")->has_snapshot);
    assert_false(migration(world, "0001_none")->has_snapshot);
    assert_false(migration(world, "0002_folder")->has_snapshot);
}

static void migrations_come_by_number_then_by_name(void **state) {
    struct world *world = *state;
    FILES(world, "10_b", "9_a", "0010_a", "00000000000000000000000000000007_z", "b", "a", "_c",
          "99999999999999999999999999_y");
    look(world);
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < world->view->join->count; i++) {
        buffer_add(&buffer, world->view->join->migrations[i].tag);
        buffer_add_char(&buffer, ' ');
    }
    assert_text(buffer_text(&buffer), "00000000000000000000000000000007_z 9_a 0010_a 10_b "
                                      "99999999999999999999999999_y _c a b ");
}

static void numbers_compare_by_value_and_none_is_above_all(void **state) {
    assert_true(number_compare(TEXT("9"), TEXT("10")) < 0);
    assert_true(number_compare(TEXT("11"), TEXT("10")) > 0);
    assert_int_equal(number_compare(TEXT("10"), TEXT("10")), 0);
    assert_true(number_compare(TEXT(""), TEXT("10")) > 0);
    assert_true(number_compare(TEXT("10"), TEXT("")) < 0);
    assert_int_equal(number_compare(TEXT(""), TEXT("")), 0);
}

static void the_mark_is_made_from_the_digest_of_the_tag(void **state) {
    /* Worked out with sha256sum: 1 + (0x… mod 999). */
    assert_int_equal(mark_of(TEXT("0019_webauthn_mfa")), 380);
    assert_int_equal(mark_of(TEXT("0020_add_icon_columns")), 984);
    assert_int_equal(mark_of(TEXT("0021_add_dashboard_default")), 793);
}

static void a_tag_is_found_and_another_is_not(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0010_b", "9_c");
    look(world);
    assert_text(join_find(world->view->join, TEXT("0010_b"))->tag, "0010_b");
    assert_text(join_find(world->view->join, TEXT("9_c"))->tag, "9_c");
    assert_null(join_find(world->view->join, TEXT("0010")));
    assert_null(join_find(world->view->join, TEXT("zzz")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(the_states_in_one_database_follow_from_file_entry_row_and_watermark),
        world_test(a_stamp_equal_to_the_watermark_is_not_above_it),
        world_test(in_a_fresh_or_empty_database_everything_runs),
        world_test(a_null_stamp_makes_all_run_again),
        world_test(a_when_that_is_no_number_compares_with_nothing),
        world_test(a_when_beyond_what_javascript_counts_still_compares),
        world_test(a_database_that_cannot_be_read_is_unknown_whatever_its_last_rows_say),
        world_test(without_a_database_what_is_listed_is_journaled),
        world_test(the_overall_state_is_the_first_that_fits),
        world_test(skipped_comes_before_unknown_and_unknown_before_pending),
        world_test(held_comes_before_what_the_databases_say),
        world_test(names_without_a_number_and_down_scripts_are_no_migrations),
        world_test(what_the_journal_names_is_a_migration_whatever_its_name),
        world_test(a_rule_comes_before_the_journal_and_the_first_line_that_fits_decides),
        world_test(a_listed_file_that_is_gone_is_missing_even_when_a_rule_excludes_it),
        world_test(leftovers_are_held_for_what_they_share_with_a_listed_one),
        world_test(a_listed_migration_without_a_file_still_holds_its_number),
        world_test(an_entry_with_sql_in_its_tag_does_not_hold_the_file_it_means),
        world_test(a_name_that_is_not_utf8_waits_for_a_decision_even_with_a_rule),
        world_test(with_an_unreadable_journal_what_has_run_stands_for_what_was_listed),
        world_test(a_rule_can_say_that_it_ran_in_one_database_or_in_all),
        world_test(of_two_entries_with_one_tag_the_first_counts),
        world_test(a_tag_that_leads_elsewhere_is_missing_and_not_followed),
        world_test(entries_that_name_no_file_are_of_no_migration_and_abort_the_run),
        world_test(snapshots_belong_to_what_stands_before_the_first_underscore),
        world_test(migrations_come_by_number_then_by_name),
        cmocka_unit_test(numbers_compare_by_value_and_none_is_above_all),
        cmocka_unit_test(the_mark_is_made_from_the_digest_of_the_tag),
        world_test(a_tag_is_found_and_another_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
