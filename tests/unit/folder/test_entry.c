/* The order of names, and the parts of stat() that an entry reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migfs/folder/entry.h"

static void a_directory_stands_right_before_what_is_in_it(void **state) {
    static const char *const sorted[] = {"", "a", "a/b", "a/b/c", "a/z", "a b", "a-b", "a.sql", "ab", "\xff"};
    enum { COUNT = sizeof sorted / sizeof *sorted };
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            int order = disk_path_compare(text_of(sorted[i]), text_of(sorted[j]));
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void what_stat_tells_grants_nothing_but_to_the_owner(void **state) {
    struct disk_entry entry = {0};
    const struct stat stat = {
        .st_mode = S_IFREG | 02754, .st_uid = 1, .st_gid = 2, .st_size = 3, .st_dev = 4, .st_ino = 5};
    disk_entry_describe(&entry, &stat);
    assert_int_equal(entry.mode, 02754);
    assert_int_equal(entry.granted, 02700);
    assert_int_equal(entry.uid, 1);
    assert_int_equal(entry.gid, 2);
    assert_int_equal(entry.size, 3);
    assert_int_equal(entry.device, 4);
    assert_int_equal(entry.inode, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_stands_right_before_what_is_in_it),
        cmocka_unit_test(what_stat_tells_grants_nothing_but_to_the_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
