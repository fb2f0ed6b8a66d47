/* The statements of files, one by one and many at once. */
#include "folder.h"

#include <pthread.h>

#include "migfs/folder/statements.h"

enum { MANY = 300 };

static unsigned threads_begun;
static bool threads_fail;

/* ---- before the real one; the names are the linker's ---- */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
    threads_begun++;
    return threads_fail ? EAGAIN : __real_pthread_create(thread, attributes, body, context);
}

static const struct sql_statements *of(const struct disk *disk, int file) {
    char path[32];
    snprintf(path, sizeof path, "%04d_x.sql", file);
    return disk_statements(disk, disk_find(disk, text_of(path)));
}

static void scan_with(struct folder *folder, unsigned threads) {
    struct error error;
    struct disk *disk = disk_scan(folder->source, NULL, threads, &error);
    assert_non_null(disk);
    disk_unref(folder->disk);
    folder->disk = disk;
}

/* Each file has one statement more than the one before, from a few words to many. */
static void put_many(struct folder *folder) {
    for (int i = 0; i < MANY; i++) {
        char path[32], text[16384] = "";
        size_t length = 0;
        for (int k = 0; k <= i; k++) {
            length += (size_t)snprintf(text + length, sizeof text - length, "\n\nDROP TABLE \"t%d_%d\" ;", i, k);
        }
        snprintf(path, sizeof path, "%04d_x.sql", i);
        put(folder, path, text);
    }
    scan(folder);
}

static void assert_all(const struct disk *disk) {
    for (int i = 0; i < MANY; i++) {
        const struct sql_statements *found = of(disk, i);
        assert_int_equal(found->count, i + 1);
        for (int k = 0; k <= i; k++) {
            char text[64];
            snprintf(text, sizeof text, "drop table t%d_%d", i, k);
            assert_string_equal(found->statements[k].text.bytes, text);
            assert_int_equal(found->statements[k].line, 3 + 2 * k);
        }
    }
}

static void many_files_are_read_by_several_threads(void **state) {
    struct folder *folder = *state;
    put_many(folder);
    scan_with(folder, 3);
    const struct sql_statements *before = of(folder->disk, 7);
    threads_begun = 0;
    disk_read_statements(folder->disk);
    assert_int_equal(threads_begun, 2);
    assert_ptr_equal(of(folder->disk, 7), before);
    before = of(folder->disk, 8);
    disk_read_statements(folder->disk); /* nothing is left */
    assert_int_equal(threads_begun, 2);
    assert_ptr_equal(of(folder->disk, 8), before);
    assert_all(folder->disk);
    struct disk *copy = disk_copy(folder->disk, TEXT(""));
    disk_unref(folder->disk);
    folder->disk = NULL;
    disk_read_statements(copy);
    assert_all(copy);
    disk_unref(copy);
    assert_int_equal(threads_begun, 2);
}

static void threads_that_cannot_be_had_are_not_missed(void **state) {
    struct folder *folder = *state;
    put_many(folder);
    scan_with(folder, 3);
    threads_fail = true;
    threads_begun = 0;
    disk_read_statements(folder->disk);
    threads_fail = false;
    assert_int_equal(threads_begun, 1);
    assert_all(folder->disk);
    scan_with(folder, 1);
    threads_begun = 0;
    disk_read_statements(folder->disk);
    assert_int_equal(threads_begun, 0);
    assert_all(folder->disk);
}

static void few_files_are_not_worth_a_thread(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "select 1; select 2");
    put(folder, "b.txt", "select 3");
    scan(folder);
    scan_with(folder, 3);
    threads_begun = 0;
    disk_read_statements(folder->disk);
    assert_int_equal(threads_begun, 0);
    assert_int_equal(disk_statements(folder->disk, find(folder, "a.sql"))->count, 2);
}

static void a_copy_has_the_statements_that_were_read(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "select 1;");
    scan(folder);
    const struct sql_statements *statements = disk_statements(folder->disk, find(folder, "a.sql"));
    struct disk *copy = disk_copy(folder->disk, TEXT(""));
    assert_ptr_equal(disk_statements(copy, disk_find(copy, TEXT("a.sql"))), statements);
    disk_unref(folder->disk);
    folder->disk = NULL;
    assert_int_equal(disk_statements(copy, disk_find(copy, TEXT("a.sql")))->count, 1);
    disk_unref(copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(many_files_are_read_by_several_threads),
        folder_test(threads_that_cannot_be_had_are_not_missed),
        folder_test(few_files_are_not_worth_a_thread),
        folder_test(a_copy_has_the_statements_that_were_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
