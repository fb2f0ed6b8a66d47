/* The rehearsal as short strings; tests/v1 compares it with the real drizzle-kit and the real
 * runner. */
#include "fixture.h"

#include "migfs/join/upgrade_rehearsal.h"

#define A "1735689600611"
#define B "1735776001324"
#define C "1735862402093"

static void snapshot(struct world *world, const char *number, const char *id, const char *parent) {
    char name[64], text[256];
    snprintf(name, sizeof name, "meta/%s_snapshot.json", number);
    snprintf(text, sizeof text, "{\"id\": \"%s\", \"prevId\": \"%s\", \"version\": \"7\", \"tables\": {}}", id, parent);
    put(world->folder, name, text);
}

static void three(struct world *world) {
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@" A, "0001_b@" B, "0002_c@" C);
    snapshot(world, "0000", "s0", "00000000-0000-0000-0000-000000000000");
    snapshot(world, "0001", "s1", "s0");
    snapshot(world, "0002", "s2", "s1");
}

static const struct upgrade *rehearsed(struct world *world) {
    look(world);
    return world->view->upgrade;
}

/* Each fault is `CODE TAG`; `TAG` is empty if it concerns no entry. */
static void assert_faults(const struct upgrade *upgrade, const char *expected) {
    char said[512] = "";
    for (size_t i = 0; i < upgrade->fault_count; i++) {
        const struct upgrade_fault *fault = &upgrade->faults[i];
        struct text tag = fault->folder == SIZE_MAX ? TEXT("") : upgrade->folders[fault->folder].entry->tag;
        snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s %.*s", i > 0 ? ", " : "",
                 upgrade_obstacle_name(fault->obstacle), TEXT_ARGS(tag));
    }
    assert_string_equal(said, expected);
}

/* The first run in the first database: the folders it runs, or `throws` and the ids. */
static void assert_runs(const struct upgrade *upgrade, size_t rows, const char *expected) {
    const struct upgrade_database *database = &upgrade->databases[0];
    char said[512] = "";
    for (size_t i = 0; database->throws && i < rows; i++) {
        if (database->rows[i].folder == SIZE_MAX) {
            snprintf(said + strlen(said), sizeof said - strlen(said), "throws %s ", database->rows[i].row->id.bytes);
        }
    }
    for (size_t i = 0; i < database->run_count; i++) {
        snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s ",
                 upgrade->folders[database->runs[i].folder].name.bytes, database->runs[i].was_passed_over ? "!" : "");
    }
    assert_string_equal(said, expected);
}

static void a_sound_folder_is_ready(void **state) {
    three(*state);
    LEDGER(*state, "db", "file:0000_a@" A, "file:0001_b@" B, "file:0002_c@" C);
    const struct upgrade *upgrade = rehearsed(*state);
    assert_faults(upgrade, "");
    assert_int_equal(upgrade->obstacles, 0);
    assert_runs(upgrade, 3, "");
    assert_string_equal(upgrade->folders[1].name.bytes, "20250102000001_b");
}

static void each_fault_of_the_folder_is_named(void **state) {
    struct world *world = *state;
    three(world);
    ENTRIES(world, "0000_a@" A, "0001_b@" B, "0002_c@1735775996324", "0003_d@0", "0003_d@1735948800500");
    unlink(in_folder(world->folder, "0001_b.sql"));
    put(world->folder, "meta/0003_snapshot.json", "{");
    assert_faults(rehearsed(world), "no-sql 0001_b, order 0002_c, bad-when 0003_d, no-sql 0003_d, bad-snapshot 0003_d, "
                                    "doubled-tag 0003_d, no-sql 0003_d, bad-snapshot 0003_d");
}

static void a_missing_snapshot_is_one_fault_and_not_that_of_its_child(void **state) {
    struct world *world = *state;
    three(world);
    unlink(in_folder(world->folder, "meta/0001_snapshot.json"));
    assert_faults(rehearsed(world), "no-snapshot 0001_b");
}

static void a_missing_when_is_one_fault_and_knows_its_parent(void **state) {
    struct world *world = *state;
    three(world);
    ENTRIES(world, "0000_a@" A, "0001_b@0", "0002_c@" C);
    const struct upgrade *upgrade = rehearsed(world);
    assert_faults(upgrade, "bad-when 0001_b");
    assert_int_equal(upgrade->faults[0].other, 0);
    ENTRIES(world, "0000_a@0", "0001_b@" B, "0002_c@" C);
    upgrade = rehearsed(world);
    assert_faults(upgrade, "bad-when 0000_a");
    assert_int_equal(upgrade->faults[0].other, SIZE_MAX);
}

static void a_chain_has_one_first_and_each_parent_is_there(void **state) {
    struct world *world = *state;
    three(world);
    snapshot(world, "0001", "s1", "gone");
    snapshot(world, "0002", "s2", "");
    assert_faults(rehearsed(world), "no-parent 0001_b, two-firsts 0002_c");
}

static void a_row_of_no_migration_makes_the_run_throw(void **state) {
    three(*state);
    LEDGER(*state, "db", "file:0000_a@" A, "file:0001_b@" B, "file:0002_c@" C, "text:dead@1700000000000");
    const struct upgrade *upgrade = rehearsed(*state);
    assert_runs(upgrade, 4, "throws 4 ");
    assert_int_equal(upgrade->obstacles, 1);
}

static void a_restamped_row_is_known_by_its_hash(void **state) {
    three(*state);
    LEDGER(*state, "db", "file:0000_a@" A, "file:0001_b@1767225600123", "file:0002_c@" C);
    assert_runs(rehearsed(*state), 3, "");
}

static void a_row_restamped_and_edited_makes_the_run_throw(void **state) {
    three(*state);
    LEDGER(*state, "db", "file:0000_a@" A, "text:before@1767225600123", "file:0002_c@" C);
    assert_runs(rehearsed(*state), 3, "throws 2 ");
}

static void of_two_in_one_second_the_hash_decides(void **state) {
    struct world *world = *state;
    three(world);
    ENTRIES(world, "0000_a@" A, "0001_b@1735689600811", "0002_c@" C);
    LEDGER(world, "db", "file:0000_a@" A, "text:before@1735689600811", "file:0002_c@" C);
    assert_runs(rehearsed(world), 3, "throws 2 ");
}

static void what_was_passed_over_runs(void **state) {
    three(*state);
    LEDGER(*state, "db", "file:0000_a@" A, "file:0002_c@" C);
    assert_runs(rehearsed(*state), 2, "20250102000001_b! ");
}

static void a_null_timestamp_is_known_by_its_hash_alone(void **state) {
    three(*state);
    LEDGER(*state, "db", "file:0000_a@NULL", "text:before@NULL");
    assert_runs(rehearsed(*state), 2, "throws 2 ");
}

static void a_ledger_of_v1_goes_by_names(void **state) {
    three(*state);
    LEDGER(*state, "db", "name:20250101000000_a@1", "name:other@2");
    const struct upgrade *upgrade = rehearsed(*state);
    assert_runs(upgrade, 2, "20250102000001_b 20250103000002_c ");
    assert_int_equal(upgrade->databases[0].unmatched, 1);
}

static void what_a_rule_says_was_run_by_hand_would_abort(void **state) {
    three(*state);
    rules_file(*state, "applied 0002_c\n");
    LEDGER(*state, "db", "file:0000_a@" A, "file:0001_b@" B);
    const struct upgrade *upgrade = rehearsed(*state);
    assert_true(upgrade->databases[0].run_count == 1 && upgrade->databases[0].runs[0].aborts);
    assert_int_equal(upgrade->obstacles, 1);
}

static void flat_sql_that_is_not_listed_is_left(void **state) {
    three(*state);
    file(*state, "0004_e.sql", "select 1;");
    const struct upgrade *upgrade = rehearsed(*state);
    assert_int_equal(upgrade->left_count, 1);
    assert_string_equal(upgrade->left[0]->name.bytes, "0004_e.sql");
}

static void a_folder_of_v1_has_nothing_to_upgrade(void **state) {
    struct world *world = *state;
    put_directory(world->folder, "20250101000000_a");
    file(world, "20250101000000_a/migration.sql", "select 1;");
    assert_null(rehearsed(world));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_sound_folder_is_ready),
        world_test(each_fault_of_the_folder_is_named),
        world_test(a_missing_snapshot_is_one_fault_and_not_that_of_its_child),
        world_test(a_missing_when_is_one_fault_and_knows_its_parent),
        world_test(a_chain_has_one_first_and_each_parent_is_there),
        world_test(a_row_of_no_migration_makes_the_run_throw),
        world_test(a_restamped_row_is_known_by_its_hash),
        world_test(a_row_restamped_and_edited_makes_the_run_throw),
        world_test(of_two_in_one_second_the_hash_decides),
        world_test(what_was_passed_over_runs),
        world_test(a_null_timestamp_is_known_by_its_hash_alone),
        world_test(a_ledger_of_v1_goes_by_names),
        world_test(what_a_rule_says_was_run_by_hand_would_abort),
        world_test(flat_sql_that_is_not_listed_is_left),
        world_test(a_folder_of_v1_has_nothing_to_upgrade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
