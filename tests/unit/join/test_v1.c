/* Folders of drizzle v1 as short strings; tests/v1 compares them with the real runner. */
#include "fixture.h"

#define A "20250101000000_a"
#define B "20250102000000_b"
#define A_DATE "1735689600000"

static void folder_of(struct world *world, const char *name, const char *text) {
    char path[512];
    put_directory(world->folder, name);
    snprintf(path, sizeof path, "%s/migration.sql", name);
    file(world, path, text);
}

static void two(struct world *world) {
    folder_of(world, A, "select 'a';");
    folder_of(world, B, "select 'b';");
}

/* A v1 row from `NAME:TEXT@CREATED_AT`; it has the hash of the text, and an empty name is NULL. */
static struct ledger_row named_row(struct world *world, const char *name, const char *text, int64_t created_at) {
    static const char *const ids[] = {"1", "2", "3", "4"};
    static size_t next;
    return (struct ledger_row){.id = text_of(ids[next++ % 4]),
                               .hash = *text ? hash_of(world, text_of(text)) : TEXT(""),
                               .name = text_of(name),
                               .has_created_at = true,
                               .created_at = created_at};
}

static void add_ledger(struct world *world, const struct ledger_row *rows, size_t count) {
    struct error error;
    struct ledger from = {
        .database = TEXT("db"), .status = LEDGER_READ, .was_read = true, .is_v1 = true, .rows = rows, .count = count};
    world->ledgers[world->ledger_count] = ledger_create(&from, &error);
    assert_non_null(world->ledgers[world->ledger_count++]);
}

static void assert_state(const struct world *world, const char *tag, enum state overall, enum state in_database) {
    const struct migration *it = join_find(world->view->join, text_of(tag));
    assert_non_null(it);
    assert_string_equal(state_name(it->state), state_name(overall));
    assert_string_equal(state_name(it->standings[0].state), state_name(in_database));
}

static void a_name_in_a_row_is_applied_and_its_hash_tells_an_edit(void **state) {
    struct world *world = *state;
    two(world);
    struct ledger_row rows[] = {named_row(world, A, "select 'a';", 0), named_row(world, B, "select 'before';", 0)};
    add_ledger(world, rows, 2);
    look(world);
    assert_ptr_equal(world->view->join->layout, &layout_v1);
    assert_state(world, A, STATE_APPLIED, STATE_APPLIED);
    assert_state(world, B, STATE_MODIFIED, STATE_MODIFIED);
}

static void an_empty_hash_says_nothing_of_the_text(void **state) {
    struct world *world = *state;
    two(world);
    struct ledger_row rows[] = {named_row(world, A, "", 0)};
    add_ledger(world, rows, 1);
    look(world);
    assert_state(world, A, STATE_APPLIED, STATE_APPLIED);
    assert_state(world, B, STATE_PENDING, STATE_PENDING);
}

static void a_row_of_no_folder_with_its_hash_or_its_second_makes_it_run_again(void **state) {
    struct world *world = *state;
    two(world);
    struct ledger_row rows[] = {named_row(world, "20240101000000_z", "select 'a';", 5),
                                named_row(world, "", "select 'before';", INT64_C(1735776000324))};
    add_ledger(world, rows, 2);
    look(world);
    assert_state(world, A, STATE_RERUN, STATE_RERUN);
    assert_state(world, B, STATE_RERUN, STATE_RERUN);
    assert_int_equal(world->view->join->databases[0].unmatched, 2);
}

static void one_row_stands_for_one_migration(void **state) {
    struct world *world = *state;
    folder_of(world, A, "select 1;");
    folder_of(world, B, "select 1;");
    struct ledger_row rows[] = {named_row(world, "", "select 1;", 5)};
    add_ledger(world, rows, 1);
    look(world);
    assert_state(world, A, STATE_RERUN, STATE_RERUN);
    assert_state(world, B, STATE_PENDING, STATE_PENDING);
}

static void flat_sql_is_unread_and_a_folder_with_its_name_comes_first(void **state) {
    struct world *world = *state;
    two(world);
    file(world, "0004_e.sql", "select 1;");
    file(world, A ".sql", "select 1;");
    add_ledger(world, NULL, 0);
    look(world);
    assert_int_equal(world->view->join->count, 3);
    assert_state(world, "0004_e", STATE_UNREAD, STATE_NOT_APPLIED);
    assert_state(world, A, STATE_PENDING, STATE_PENDING);
}

static void a_ledger_of_0x_is_taken_over_or_throws(void **state) {
    struct world *world = *state;
    two(world);
    LEDGER(world, "db", "text:select 'a';@" A_DATE);
    LEDGER(world, "other", "text:dead@1700000000000");
    look(world);
    assert_state(world, A, STATE_PENDING, STATE_APPLIED);
    assert_false(world->view->join->databases[0].v1_throws);
    assert_true(world->view->join->databases[1].v1_throws);
}

static void a_journal_that_lists_what_is_there_makes_it_a_folder_of_0x(void **state) {
    struct world *world = *state;
    two(world);
    ENTRIES(world, "0000_a@1000");
    look(world);
    assert_ptr_equal(world->view->join->layout, &layout_v1);
    FILES(world, "0000_a");
    look(world);
    assert_ptr_equal(world->view->join->layout, &layout_v0);
}

static void a_journal_that_cannot_be_read_may_list_what_is_there(void **state) {
    struct world *world = *state;
    two(world);
    journal(world, "{");
    look(world);
    assert_ptr_equal(world->view->join->layout, &layout_v1);
    FILES(world, "0000_a");
    look(world);
    assert_ptr_equal(world->view->join->layout, &layout_v0);
}

static void it_has_no_journal_to_serve(void **state) {
    struct world *world = *state;
    two(world);
    look(world);
    assert_int_equal(world->view->synthesis->refusal, REFUSAL_V1);
    assert_null(world->view->upgrade);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_name_in_a_row_is_applied_and_its_hash_tells_an_edit),
        world_test(an_empty_hash_says_nothing_of_the_text),
        world_test(a_row_of_no_folder_with_its_hash_or_its_second_makes_it_run_again),
        world_test(one_row_stands_for_one_migration),
        world_test(flat_sql_is_unread_and_a_folder_with_its_name_comes_first),
        world_test(a_ledger_of_0x_is_taken_over_or_throws),
        world_test(a_journal_that_lists_what_is_there_makes_it_a_folder_of_0x),
        world_test(a_journal_that_cannot_be_read_may_list_what_is_there),
        world_test(it_has_no_journal_to_serve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
