#include "fixture.h"

#include "cli/base.h"

static bool read_file(struct world *world, struct base *base, const char *path, struct error *error) {
    struct options options = {.base = (char *)path, .source = (char *)world->folder->path};
    return base_read(base, &options, error);
}

static void a_file_is_both_the_tip_and_the_merge_base(void **state) {
    struct world *world = *state;
    struct base base;
    struct error error;
    ENTRIES(world, "0000_a@1000");
    assert_true(read_file(world, &base, in_folder(world->folder, "meta/_journal.json"), &error));
    assert_int_equal(base.report.tip->count, 1);
    assert_ptr_equal(base.report.tip, base.report.merge_base);
    assert_null(base.report.read_text);
    base_finish(&base);
}

static void an_empty_file_is_a_journal_without_entries(void **state) {
    struct world *world = *state;
    struct base base;
    struct error error;
    file(world, "empty.json", "\n");
    assert_true(read_file(world, &base, in_folder(world->folder, "empty.json"), &error));
    assert_int_equal(base.report.tip->count, 0);
    base_finish(&base);
}

static void a_base_that_is_no_journal_is_none(void **state) {
    struct world *world = *state;
    struct base base;
    struct error error;
    FILES(world, "0000_a");
    assert_false(read_file(world, &base, in_folder(world->folder, "0000_a.sql"), &error));
    assert_int_equal(error.code, ERROR_FORMAT);
    assert_non_null(strstr(error.sentence, "0000_a.sql is not a journal: "));
    base_finish(&base);
    assert_false(read_file(world, &base, in_folder(world->folder, "nowhere"), &error));
    assert_non_null(strstr(error.sentence, "nowhere: No such file"));
    base_finish(&base);
    assert_false(read_file(world, &base, world->folder->path, &error));
    assert_non_null(strstr(error.sentence, ": Is a directory"));
    base_finish(&base);
    assert_false(read_file(world, &base, "/dev/zero", &error)); /* has no end */
    assert_non_null(strstr(error.sentence, "is not a journal: "));
    base_finish(&base);
}

static void a_file_and_a_ref_do_not_go_together(void **state) {
    struct world *world = *state;
    struct base base;
    struct error error;
    struct options options = {.base = (char *)"a", .base_ref = (char *)"b", .source = (char *)world->folder->path};
    assert_false(base_read(&base, &options, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    base_finish(&base);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_file_is_both_the_tip_and_the_merge_base),
        world_test(an_empty_file_is_a_journal_without_entries),
        world_test(a_base_that_is_no_journal_is_none),
        world_test(a_file_and_a_ref_do_not_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
