#include "folder.h"

#include "cli/regular.h"

static void a_file_and_a_link_to_one_are_opened(void **state) {
    struct folder *folder = *state;
    char line[16];
    put(folder, "conf", "a line\n");
    assert_int_equal(symlink("conf", in_folder(folder, "link")), 0);
    FILE *stream = regular_open(in_folder(folder, "link"));
    assert_non_null(stream);
    assert_non_null(fgets(line, sizeof line, stream));
    assert_string_equal(line, "a line\n");
    fclose(stream);
}

/* Opening a pipe that has no writer would block, or release a writer that waits. */
static void what_could_block_is_not_opened(void **state) {
    struct folder *folder = *state;
    const char *const paths[] = {"pipe", "directory"};
    assert_int_equal(mkfifo(in_folder(folder, "pipe"), 0600), 0);
    put_directory(folder, "directory");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        errno = 0;
        assert_null(regular_open(in_folder(folder, paths[i])));
        assert_int_equal(errno, EINVAL);
    }
    assert_null(regular_open("/dev/zero"));
    assert_int_equal(errno, EINVAL);
    assert_null(regular_open(in_folder(folder, "missing")));
    assert_int_equal(errno, ENOENT);
}

/* The user's own file is never planted; nor is another user's in a folder that only its owner
 * may write to. */
static void a_file_is_planted_by_another_user_where_all_may_write(void **state) {
    struct folder *folder = *state;
    put(folder, "conf", "");
    char path[PATH_MAX], above[PATH_MAX];
    snprintf(path, sizeof path, "%s", in_folder(folder, "conf"));
    snprintf(above, sizeof above, "%s", in_folder(folder, "."));
    assert_int_equal(chmod(above, 0777), 0);
    assert_false(regular_is_planted(above, path));
    assert_false(regular_is_planted(above, in_folder(folder, "missing")));
    if (geteuid() == 0) {
        assert_int_equal(lchown(path, 65534, 65534), 0);
        assert_true(regular_is_planted(above, path));
        assert_int_equal(chmod(above, 0755), 0);
        assert_false(regular_is_planted(above, path));
        assert_int_equal(chmod(above, 0777), 0);
        assert_int_equal(chown(above, 65534, 65534), 0);
        assert_false(regular_is_planted(above, path));
        assert_int_equal(chown(above, 0, 0), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_and_a_link_to_one_are_opened, folder_create, folder_destroy),
        cmocka_unit_test_setup_teardown(what_could_block_is_not_opened, folder_create, folder_destroy),
        cmocka_unit_test_setup_teardown(a_file_is_planted_by_another_user_where_all_may_write, folder_create,
                                        folder_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
