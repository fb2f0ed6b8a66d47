/* A named file: opened at the end of its path, with a report on the folders on that path. */
#include "folder.h"

#include "migfs/folder/named.h"

static void assert_opens(const struct folder *folder, const char *name, const char *text, size_t passed) {
    struct disk_named named;
    char bytes[32] = "";
    assert_true(disk_named_open(beside(folder, name), &named));
    assert_int_equal(read(named.descriptor, bytes, sizeof bytes - 1), strlen(text));
    assert_string_equal(bytes, text);
    assert_int_equal(named.count, passed); /* "/" and "/tmp" first */
    disk_named_finish(&named);
}

static void a_file_is_opened_through_folders_and_links(void **state) {
    struct folder *folder = *state;
    put(folder, "rules", "ignore x");
    assert_int_equal(symlink("source/rules", beside(folder, "link")), 0);
    assert_int_equal(symlink("source", beside(folder, "current")), 0);
    assert_opens(folder, "source/rules", "ignore x", 4);
    assert_opens(folder, "link", "ignore x", 4);
    assert_opens(folder, "current/rules", "ignore x", 4);
}

static void what_it_grants_is_told(void **state) {
    struct folder *folder = *state;
    struct disk_named named;
    put(folder, "rules", "");
    assert_int_equal(chmod(in_folder(folder, "rules"), 0640), 0);
    assert_int_equal(chmod(folder->path, 0750), 0);
    assert_true(disk_named_open(in_folder(folder, "rules"), &named));
    assert_int_equal(named.file.granted, 0640);
    assert_int_equal(named.folders[named.count - 1].granted, 0750);
    disk_named_finish(&named);
}

static void what_is_no_file_is_not_opened(void **state) {
    struct folder *folder = *state;
    static const struct {
        const char *name;
        int error;
    } cases[] = {{"nowhere", ENOENT}, {"source", EINVAL}, {"fifo", EINVAL}, {"loop", ELOOP}, {"dangling", ENOENT}};
    size_t before = open_descriptors();
    assert_int_equal(mkfifo(beside(folder, "fifo"), 0666), 0);
    assert_int_equal(symlink("loop", beside(folder, "loop")), 0);
    assert_int_equal(symlink("nowhere", beside(folder, "dangling")), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct disk_named named;
        assert_false(disk_named_open(beside(folder, cases[i].name), &named));
        assert_int_equal(errno, cases[i].error);
    }
    put(folder, "file", "");
    assert_false(disk_named_open(in_folder(folder, "file/below"), &(struct disk_named){0}));
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(open_descriptors(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_file_is_opened_through_folders_and_links),
        folder_test(what_it_grants_is_told),
        folder_test(what_is_no_file_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
