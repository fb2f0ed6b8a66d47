/* Snapshots that are missing, have a wrong parent, or would be overwritten by the next `drizzle-kit
 * generate`. */
#include "fixture.h"

/* Lists migrations; each test makes their snapshots itself. */
static void folder(struct world *world) {
    file(world, "0000_a.sql", "select 'a';");
    file(world, "0001_b.sql", "select 'b';");
    file(world, "0002_c.sql", "select 'c';");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
}

static void snapshot(struct world *world, const char *number, const char *id, const char *parent) {
    char name[64], text[256];
    snprintf(name, sizeof name, "meta/%s_snapshot.json", number);
    snprintf(text, sizeof text, "{\"id\": \"%s\", \"prevId\": \"%s\"}", id, parent);
    file(world, name, text);
}

static void those_behind_the_newest_are_missing_in_one_line(void **state) {
    struct world *world = *state;
    folder(world);
    snapshot(world, "0000", "A", "0");
    look(world);
    assert_problems("snapshot-missing");
    assert_holds_text(problem(world, "snapshot-missing"),
                      "0001_b.sql: warning: 0001_b, 0002_c come after the newest snapshot in meta/");
    assert_holds_text(problem(world, "snapshot-missing"), "; delete");
    snapshot(world, "0001", "B", "A");
    look(world);
    assert_holds_text(problem(world, "snapshot-missing"), "0002_c.sql: warning: 0002_c comes after");
}

static void one_before_the_newest_never_matters(void **state) {
    struct world *world = *state;
    folder(world);
    snapshot(world, "0000", "A", "0");
    snapshot(world, "0002", "C", "lost");
    look(world);
    assert_problems("");
}

static void without_any_all_are_missing(void **state) {
    struct world *world = *state;
    folder(world);
    look(world);
    assert_text(problem(world, "snapshot-missing"),
                "0000_a.sql: warning: 0000_a, 0001_b, 0002_c have no snapshot, and meta/ contains no other: Drizzle's "
                "runner needs none, but the next `drizzle-kit generate` writes the whole schema again; if version "
                "control has the snapshots, restore them, else delete from what it writes whatever is already there "
                "[snapshot-missing]");
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    unlink(in_folder(world->folder, "0001_b.sql"));
    unlink(in_folder(world->folder, "0002_c.sql"));
    unlink(in_folder(world->folder, "meta/0000_snapshot.json"));
    look(world);
    assert_holds_text(problem(world, "snapshot-missing"), "warning: 0000_a has no snapshot, and meta/ contains");
}

static void two_that_follow_one_are_named(void **state) {
    struct world *world = *state;
    folder(world);
    snapshot(world, "0000", "A", "0");
    snapshot(world, "0001", "B", "A");
    snapshot(world, "0002", "C", "A");
    look(world);
    assert_problems("snapshot-chain");
    assert_holds_text(problem(world, "snapshot-chain"),
                      "meta/0002_snapshot.json: warning: has the prevId of 0001_snapshot.json, as after a merge of two "
                      "branches");
    assert_holds_text(problem(world, "snapshot-chain"), "while 0002_c has run nowhere, delete it with its entry");
}

static void an_id_that_two_have_is_named_once(void **state) {
    struct world *world = *state;
    folder(world);
    snapshot(world, "0000", "A", "0");
    snapshot(world, "0001", "B", "A");
    snapshot(world, "0002", "B", "B");
    look(world);
    assert_problems("snapshot-chain");
    assert_holds_text(problem(world, "snapshot-chain"), "has the id of 0001_snapshot.json");
    snapshot(world, "0002", "B", "A"); /* same parent and id: a copy */
    look(world);
    assert_problems("snapshot-chain");
    assert_holds_text(problem(world, "snapshot-chain"), "has the prevId of 0001_snapshot.json");
}

static void one_of_two_migrations_of_a_number_is_not_guessed(void **state) {
    struct world *world = *state;
    folder(world);
    file(world, "0002_d.sql", "select 'd';");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000", "0002_d@4000");
    snapshot(world, "0000", "A", "0");
    snapshot(world, "0001", "B", "A");
    snapshot(world, "0002", "C", "A");
    look(world);
    assert_holds_text(problem(world, "snapshot-chain"), "while its migration has run nowhere");
}

static void one_that_is_no_json_has_its_place(void **state) {
    struct world *world = *state;
    folder(world);
    snapshot(world, "0000", "A", "0");
    snapshot(world, "0002", "C", "A");
    file(world, "meta/0001_snapshot.json", "{\n  \"id\": ,\n}");
    look(world);
    assert_problems("snapshot-chain");
    assert_true(text_starts(problem(world, "snapshot-chain"), "meta/0001_snapshot.json:2:9: warning: is not"));
}

static void the_number_that_generate_takes_next_is_free_or_that_is_said(void **state) {
    struct world *world = *state;
    folder(world);
    ENTRIES(world, "0000_a@1000#0", "0001_b@2000#1", "0002_c@3000#2");
    snapshot(world, "0002", "C", "0");
    snapshot(world, "0003", "D", "C");
    snapshot(world, "0007", "H", "D");
    look(world);
    assert_problems("snapshot-overwrite");
    assert_text(problem(world, "snapshot-overwrite"),
                "meta/_journal.json:19: warning: idx of 0002_c, the last entry, is 2, so the next `drizzle-kit "
                "generate` overwrites meta/0003_snapshot.json, which exists; set it to 7 [snapshot-overwrite]");
    ENTRIES(world, "0000_a@1000#0", "0001_b@2000#1", "0002_c@3000#7");
    look(world);
    assert_problems("");
}

static void other_lines_settle_the_numbers_first(void **state) {
    struct world *world = *state;
    folder(world);
    snapshot(world, "0002", "C", "0");
    ENTRIES(world, "0000_a@1000#0", "0001_b@2000#1");
    look(world);
    assert_problems("unjournaled");
    ENTRIES(world, "0000_a@1000#0", "0002_c@2000#1", "0001_b@3000#1");
    look(world);
    assert_problems("duplicate-idx");
}

static void numbers_of_more_than_four_digits_are_not_generates(void **state) {
    struct world *world = *state;
    FILES(world, "20250101000000_a", "20250101000001_b");
    file(world, "meta/0002_snapshot.json", "{}");
    ENTRIES(world, "20250101000000_a@1000#0", "20250101000001_b@2000#1");
    look(world);
    assert_problems("");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(those_behind_the_newest_are_missing_in_one_line),
        world_test(one_before_the_newest_never_matters),
        world_test(without_any_all_are_missing),
        world_test(two_that_follow_one_are_named),
        world_test(an_id_that_two_have_is_named_once),
        world_test(one_of_two_migrations_of_a_number_is_not_guessed),
        world_test(one_that_is_no_json_has_its_place),
        world_test(the_number_that_generate_takes_next_is_free_or_that_is_said),
        world_test(other_lines_settle_the_numbers_first),
        world_test(numbers_of_more_than_four_digits_are_not_generates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
