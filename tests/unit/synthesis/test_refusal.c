#include "fixture.h"

#include "migfs/synthesis/refusal.h"

static enum refusal refused(struct world *world, const char *sentence) {
    look(world);
    const struct synthesis *synthesis = world->view->synthesis;
    assert_int_equal(synthesis->count, 0);
    assert_int_equal(synthesis->bytes.length, 0);
    assert_holds_text(synthesis_refusal(world->arena, world->view->join, synthesis), sentence);
    return synthesis->refusal;
}

static void an_unreadable_journal_without_a_database_is_refused(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    journal(world, "{");
    assert_int_equal(refused(world, "no database is attached to rebuild it from"), REFUSAL_JOURNAL);
}

static void a_folder_that_is_gone_is_refused(void **state) {
    struct world *world = *state;
    scan(world->folder);
    remove_tree(world->folder->path);
    assert_int_equal(refused(world, "folder is not there"), REFUSAL_SOURCE);
}

static void rules_that_cannot_be_read_are_refused(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    put_link(world->folder, ".migfs", "/etc/passwd");
    assert_int_equal(refused(world, ".migfs cannot be read"), REFUSAL_RULES);
}

static void a_database_that_cannot_be_read_is_refused_unless_it_was_and_the_user_says_serve(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "fine", "file:0000_a@1000");
    LEDGER(world, "gone", "file:0000_a@1000");
    fail_ledger(world);
    assert_int_equal(refused(world, "database gone cannot be read"), REFUSAL_DATABASE);
    assert_int_equal(world->view->own[0]->refusal, REFUSAL_NONE);
    assert_int_equal(world->view->own[1]->refusal, REFUSAL_DATABASE);
    world->options.stale = STALE_SERVE;
    look(world);
    assert_served("0000_a@1000#0");
    unread_ledger(world, "never");
    assert_int_equal(refused(world, "database never cannot be read"), REFUSAL_DATABASE);
}

static void a_null_stamp_is_refused_wherever_it_stands(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000", "text:x@NULL", "text:y@2000");
    assert_int_equal(refused(world, "created_at is NULL"), REFUSAL_NULL_STAMP);
}

static void a_watermark_that_no_stamp_can_pass_is_refused(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@9007199254740991");
    assert_int_equal(refused(world, "so high that no timestamp can be above it"), REFUSAL_WATERMARK);
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@9223372036854775807");
    assert_int_equal(refused(world, "so high that no timestamp can be above it"), REFUSAL_WATERMARK);
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@9007199254740990");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@9007199254740991#1");
}

static void a_journal_is_not_rebuilt_where_files_and_rows_leave_a_doubt(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    LEDGER(world, "db", "file:0000_a@1000");
    journal(world, "{");
    assert_int_equal(refused(world, "do not show for certain"), REFUSAL_JOURNAL); /* 0001_b has no row */
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000", "text:x@3000");
    assert_int_equal(refused(world, "do not show for certain"), REFUSAL_JOURNAL); /* a row matches nothing */
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@1000", "file:0001_b@2000");
    look(world);
    assert_true(world->view->synthesis->is_rebuilt);
    journal(world, " \n");
    assert_int_equal(refused(world, "is empty"), REFUSAL_JOURNAL);
}

static void the_wrong_database_refuses_the_journal_and_leaves_the_others_their_own(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "right", "file:0000_a@1000");
    LEDGER(world, "other", "text:x@5000");
    assert_int_equal(refused(world, "write `foreign other` into .migfs"), REFUSAL_WRONG_DATABASE);
    assert_own(0, "0000_a@1000#0");
    assert_int_equal(world->view->own[1]->refusal, REFUSAL_WRONG_DATABASE);
    rules_file(world, "foreign other\n");
    look(world);
    assert_int_not_equal(world->view->synthesis->refusal, REFUSAL_WRONG_DATABASE);
}

/* Without the entry nothing would hold the file. */
static void a_file_held_by_the_number_of_an_entry_without_a_file_waits_for_a_rule(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_new");
    ENTRIES(world, "0000_a@1000", "0001_old@2000");
    assert_int_equal(refused(world, "0001_new is held by the number of 0001_old"), REFUSAL_DECISION);
    rules_file(world, "include 0001_new\n");
    look(world);
    assert_served("0000_a@1000#0, 0001_new@3800#1");
    rules_file(world, "exclude 0001_new\n");
    look(world);
    assert_served("0000_a@1000#1");
}

/* Drizzle follows links and paths anywhere; a journal without the entry would withhold from new
 * databases what runs in others. */
static void a_listed_file_that_is_not_read_here_refuses_the_journal_until_a_rule_excludes_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    put_link(world->folder, "0001_b.sql", "/etc/passwd");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    assert_int_equal(refused(world, "write `exclude 0001_b` into .migfs"), REFUSAL_OUT_OF_REACH);
    rules_file(world, "exclude 0001_b\n");
    look(world);
    assert_served("0000_a@1000#0");
    rules_file(world, "");
    ENTRIES(world, "0000_a@1000", "../0001_b@2000");
    assert_int_equal(refused(world, "../0001_b is listed"), REFUSAL_OUT_OF_REACH);
    ENTRIES(world, "0000_a@1000", "sub/0001_c@2000"); /* no such file */
    look(world);
    assert_served("0000_a@1000#0");
}

static void a_link_that_no_journal_lists_refuses_nothing(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    put_link(world->folder, "0001_b.sql", "/etc/passwd");
    ENTRIES(world, "0000_a@1000");
    look(world);
    assert_served("0000_a@1000#0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_journal_is_not_rebuilt_where_files_and_rows_leave_a_doubt),
        world_test(the_wrong_database_refuses_the_journal_and_leaves_the_others_their_own),
        world_test(a_file_held_by_the_number_of_an_entry_without_a_file_waits_for_a_rule),
        world_test(a_listed_file_that_is_not_read_here_refuses_the_journal_until_a_rule_excludes_it),
        world_test(a_link_that_no_journal_lists_refuses_nothing),
        world_test(an_unreadable_journal_without_a_database_is_refused),
        world_test(a_folder_that_is_gone_is_refused),
        world_test(rules_that_cannot_be_read_are_refused),
        world_test(a_database_that_cannot_be_read_is_refused_unless_it_was_and_the_user_says_serve),
        world_test(a_null_stamp_is_refused_wherever_it_stands),
        world_test(a_watermark_that_no_stamp_can_pass_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
