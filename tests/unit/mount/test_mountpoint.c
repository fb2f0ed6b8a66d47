/* What can be told without a mount; the rest is in tests/mount. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mount/mountpoint.h"

static const struct mountpoint_wishes none;

static void a_folder_that_is_not_there_is_told_by_name(void **state) {
    struct error error;
    assert_false(mountpoint_prepare("/nowhere/at all", &none, &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_string_equal(error.sentence, "/nowhere/at all: there is no such folder to mount on; make it first");
}

static void a_file_is_no_place_to_mount_on(void **state) {
    char path[] = "/tmp/mountpoint.XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    struct error error;
    assert_false(mountpoint_prepare(path, &none, &error));
    char expected[64];
    snprintf(expected, sizeof expected, "%s is not a folder", path);
    assert_string_equal(error.sentence, expected);
    close(file);
    unlink(path);
}

static void a_path_through_a_file_is_none_either(void **state) {
    struct error error;
    assert_false(mountpoint_prepare("/etc/passwd/below", &none, &error));
    assert_string_equal(error.sentence, "/etc/passwd/below is not a folder");
}

static void a_folder_with_something_in_it_is_refused(void **state) {
    struct error error;
    assert_false(mountpoint_prepare("/etc", &none, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.sentence, "/etc: this folder is not empty, and the view would hide what is in it; mount "
                                        "on an empty one, or add -o nonempty");
}

static void what_is_not_that_mount_is_not_taken_off(void **state) {
    struct mountpoint_mount mount = {.id = 1 << 30, .device = "0:1"};
    mountpoint_detach(&mount, -1);
    mount.id = 0;
    mountpoint_detach(&mount, -1);
    assert_int_equal(access("/proc/self/mountinfo", F_OK), 0);
}

static void no_migfs_is_mounted_on_folders_and_mounts_of_others(void **state) {
    struct mountpoint_mount mount;
    const char *const paths[] = {"/", "/proc", "/tmp", "/nowhere", "/nowhere/deep", "nowhere"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_false(mountpoint_find(paths[i], &mount));
        assert_int_equal(mount.id, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_that_is_not_there_is_told_by_name),
        cmocka_unit_test(a_file_is_no_place_to_mount_on),
        cmocka_unit_test(a_path_through_a_file_is_none_either),
        cmocka_unit_test(a_folder_with_something_in_it_is_refused),
        cmocka_unit_test(what_is_not_that_mount_is_not_taken_off),
        cmocka_unit_test(no_migfs_is_mounted_on_folders_and_mounts_of_others),
    };
    return cmocka_run_group_tests_name("mountpoint", tests, NULL, NULL);
}
