/* Which folder is the source, as it comes, goes and is replaced. */
#include "folder.h"

static void what_cannot_be_opened_is_named(void **state) {
    struct folder *folder = *state;
    struct error error;
    char expected[256];
    put(folder, "file", "");
    assert_null(disk_open(in_folder(folder, "nowhere"), &error));
    snprintf(expected, sizeof expected, "the folder %s does not exist", in_folder(folder, "nowhere"));
    assert_string_equal(error.sentence, expected);
    assert_null(disk_open(in_folder(folder, "file"), &error));
    snprintf(expected, sizeof expected, "%s is not a folder", in_folder(folder, "file"));
    assert_string_equal(error.sentence, expected);
}

static void a_removed_folder_is_gone_until_it_is_created_again(void **state) {
    struct folder *folder = *state;
    assert_int_equal(chmod(folder->path, 0700), 0);
    put(folder, "a.sql", "select 1;");
    scan(folder);
    remove_tree(folder->path);
    scan(folder);
    assert_true(folder->disk->is_gone);
    assert_int_equal(folder->disk->count, 1);
    assert_int_equal(folder->disk->entries[0].mode, 0700);
    const struct disk *gone = folder->disk;
    scan(folder);
    assert_ptr_equal(folder->disk, gone);
    assert_int_equal(mkdir(folder->path, 0755), 0);
    put(folder, "a.sql", "select 2;");
    scan(folder);
    assert_false(folder->disk->is_gone);
    assert_holds(folder, "a.sql", "select 2;");
}

static void a_folder_put_in_the_place_of_another_is_the_one_scanned(void **state) {
    struct folder *folder = *state;
    char away[128], new[128];
    snprintf(away, sizeof away, "%s/away", folder->outside);
    snprintf(new, sizeof new, "%s/new", folder->outside);
    put(folder, "a.sql", "select 1;");
    scan(folder);
    assert_int_equal(rename(folder->path, away), 0);
    assert_int_equal(mkdir(new, 0755), 0);
    assert_int_equal(rename(new, folder->path), 0);
    put(folder, "b.sql", "select 2;");
    scan(folder);
    assert_null(find(folder, "a.sql"));
    assert_holds(folder, "b.sql", "select 2;");
    remove_tree(folder->path);
    put_link(&(struct folder){.path = "/"}, folder->path + 1, "away");
    scan(folder);
    assert_holds(folder, "a.sql", "select 1;");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(what_cannot_be_opened_is_named),
        folder_test(a_removed_folder_is_gone_until_it_is_created_again),
        folder_test(a_folder_put_in_the_place_of_another_is_the_one_scanned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
