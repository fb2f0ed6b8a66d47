#include "fixture.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(of_two_entries_with_one_tag_the_first_counts),
        world_test(a_tag_that_leads_elsewhere_is_missing_and_not_followed),
        world_test(entries_that_name_no_file_are_of_no_migration_and_abort_the_run),
        world_test(snapshots_belong_to_what_stands_before_the_first_underscore),
        world_test(migrations_come_by_number_then_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
