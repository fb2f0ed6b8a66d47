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
    journal(world, "");
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
    assert_int_equal(refused(world, "so high that no stamp can be above it"), REFUSAL_WATERMARK);
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@9223372036854775807");
    assert_int_equal(refused(world, "so high that no stamp can be above it"), REFUSAL_WATERMARK);
    ledger_destroy(world->ledgers[--world->ledger_count]);
    LEDGER(world, "db", "file:0000_a@9007199254740990");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@9007199254740991#1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(an_unreadable_journal_without_a_database_is_refused),
        world_test(a_folder_that_is_gone_is_refused),
        world_test(rules_that_cannot_be_read_are_refused),
        world_test(a_database_that_cannot_be_read_is_refused_unless_it_was_and_the_user_says_serve),
        world_test(a_null_stamp_is_refused_wherever_it_stands),
        world_test(a_watermark_that_no_stamp_can_pass_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
