/* The contents of the consistent journal, its numbers, and when there is none. The marks are those
 * of test_stamps.c. */
#include "fixture.h"
#include "migfs/synthesis/refusal.h"

/* ---- what is in it ---- */

static void a_listed_file_that_is_gone_is_dropped_and_of_two_entries_the_first_stays(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0009_gone@1500", "0001_b@2000#2", "0000_a@3000#3");
    look(world);
    assert_served("0000_a@1000#0, 0001_b@2000#2");
    assert_false(world->view->synthesis->is_identical);
}

static void held_and_excluded_files_stay_out(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0000_b", "seed", "0001_c.down", "0002_d");
    ENTRIES(world, "0000_a@1000", "0002_d@2000");
    rules_file(world, "exclude 0002_d\n");
    look(world);
    assert_served("0000_a@1000#2");
}

static void an_unreadable_journal_is_rebuilt_from_ledgers_and_files(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0002_d");
    journal(world, "{\"entries\": [,]}");
    LEDGER(world, "one", "file:0000_a@1000", "file:0001_b@2000");
    LEDGER(world, "two", "file:0000_a@1000", "file:0001_b@2000", "file:0002_c@2500", "file:0002_d@3000");
    look(world);
    assert_true(world->view->synthesis->is_rebuilt);
    assert_served("0000_a@1000#0, 0001_b@2000#1, 0002_c@2500#2, 0002_d@3000#3");
}

/* ---- determinism ---- */

static void neither_the_order_of_rows_nor_of_files_shows(void **state) {
    struct world *world = *state;
    const char *rows[] = {"file:0000_a@1000", "file:0002_c@1500", "text:x@1500", "text:x@1500",
                          "raw:0001_b@1700",  "file:0003_d@900",  NULL};
    FILES(world, "0003_d", "0001_b", "0004_e", "0000_a", "0002_c", "0005_f");
    ENTRIES(world, "0000_a@1000", "0001_b@1500", "0003_d@1200", "0002_c@1800");
    struct text first = TEXT(""), first_json = TEXT("");
    for (size_t turn = 0; turn < 6; turn++) {
        const char *moved = rows[0];
        memmove(rows, rows + 1, 5 * sizeof *rows);
        rows[5] = moved;
        struct ledger_row made[6];
        struct error error;
        for (size_t i = 0; i < 6; i++) {
            made[i] = row_of(world, rows[i], 0);
        }
        struct ledger from = {
            .database = TEXT("db"), .status = LEDGER_READ, .was_read = true, .rows = made, .count = 6};
        world->ledgers[0] = ledger_create(&from, &error);
        world->ledger_count = 1;
        look(world);
        struct text json = render_json(world->arena, world->view);
        assert_true(turn == 0 || text_equal(first, world->view->synthesis->bytes));
        assert_true(turn == 0 || text_equal(first_json, json));
        first = text_copy(world->arena, world->view->synthesis->bytes);
        first_json = json;
        ledger_destroy(world->ledgers[0]);
        world->ledger_count = 0;
    }
    assert_true(first.length > 0);
}

static void the_journal_served_is_a_fixed_point(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0003_d@1000#7", "0000_a@5000#7", "0009_gone@6000", "0000_a@7000");
    LEDGER(world, "db", "file:0003_d@1000", "file:0000_a@500", "file:0002_c@1200");
    look(world);
    struct text bytes = text_copy(world->arena, world->view->synthesis->bytes);
    journal_bytes(world, bytes.bytes, bytes.length);
    look(world);
    assert_true(world->view->synthesis->is_identical);
    assert_true(text_equal(bytes, world->view->synthesis->bytes));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_listed_file_that_is_gone_is_dropped_and_of_two_entries_the_first_stays),
        world_test(held_and_excluded_files_stay_out),
        world_test(an_unreadable_journal_is_rebuilt_from_ledgers_and_files),
        world_test(neither_the_order_of_rows_nor_of_files_shows),
        world_test(the_journal_served_is_a_fixed_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
