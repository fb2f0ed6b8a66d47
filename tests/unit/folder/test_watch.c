/* When the watch reports a change, and when it does not. */
#include "folder.h"

#include <poll.h>
#include <pthread.h>
#include <sys/file.h>

#include "migfs/folder/watch.h"

static bool is_readable(const struct disk_watch *watch) {
    struct pollfd descriptor = {.fd = disk_watch_descriptor(watch), .events = POLLIN};
    return poll(&descriptor, 1, 0) == 1;
}

/* A watch on everything that later scans of this folder read. */
static struct disk_watch *watch_source(struct folder *folder) {
    struct error error;
    struct disk_watch *watch = disk_watch_create(&error);
    assert_non_null(watch);
    if (!folder->source) {
        folder->source = disk_open(folder->path, &error);
        assert_non_null(folder->source);
    }
    struct disk_hooks hooks = disk_watch_hooks(watch);
    disk_set_hooks(folder->source, &hooks);
    return watch;
}

static void scan_watched(struct folder *folder, struct disk_watch *watch) {
    do {
        scan(folder);
        assert_true(disk_watch_is_whole(watch));
    } while (disk_watch_drain(watch));
    assert_false(is_readable(watch));
}

static struct disk_watch *watch_scanned(struct folder *folder) {
    struct disk_watch *watch = watch_source(folder);
    scan_watched(folder, watch);
    return watch;
}

static void assert_told(struct folder *folder, struct disk_watch *watch) {
    assert_true(is_readable(watch));
    assert_true(disk_watch_drain(watch));
    scan_watched(folder, watch);
}

static void assert_not_told(struct disk_watch *watch) {
    assert_false(disk_watch_drain(watch));
    assert_false(is_readable(watch));
}

static void every_change_below_the_folder_is_told(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    put(folder, "meta/_journal.json", "{}");
    struct disk_watch *watch = watch_scanned(folder);
    put(folder, "a.sql", "select 1;");
    assert_told(folder, watch);
    put(folder, "meta/_journal.json", "[]");
    assert_told(folder, watch);
    assert_int_equal(truncate(in_folder(folder, "a.sql"), 3), 0);
    assert_told(folder, watch);
    assert_int_equal(chmod(in_folder(folder, "a.sql"), 0600), 0);
    assert_told(folder, watch);
    assert_int_equal(rename(in_folder(folder, "a.sql"), in_folder(folder, "b.sql")), 0);
    assert_told(folder, watch);
    put_link(folder, "link.sql", "b.sql");
    assert_told(folder, watch);
    assert_int_equal(unlink(in_folder(folder, "b.sql")), 0);
    assert_told(folder, watch);
    assert_int_equal(chmod(folder->path, 0700), 0);
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

static void reading_is_no_change(void **state) {
    struct folder *folder = *state;
    char bytes[16];
    put_directory(folder, "meta");
    put(folder, "a.sql", "select 1;");
    struct disk_watch *watch = watch_scanned(folder);
    int descriptor = open(in_folder(folder, "a.sql"), O_RDONLY | O_CLOEXEC);
    assert_true(read(descriptor, bytes, sizeof bytes) > 0);
    close(descriptor);
    scan(folder);
    assert_not_told(watch);
    disk_watch_destroy(watch);
}

static void a_change_beside_the_folder_is_not_told(void **state) {
    struct folder *folder = *state;
    struct disk_watch *watch = watch_scanned(folder);
    put(folder, "../source.bak", "");
    put(folder, "../sourc", "");
    put_directory(folder, "../other");
    assert_false(disk_watch_drain(watch));
    disk_watch_destroy(watch);
}

static void what_is_watched_before_it_is_listed_needs_no_second_look(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    put_directory(folder, "meta/deep");
    struct disk_watch *watch = watch_source(folder);
    scan(folder);
    assert_not_told(watch);
    put(folder, "meta/deep/file", "");
    assert_told(folder, watch);
    put_directory(folder, "new");
    assert_true(disk_watch_drain(watch));
    scan(folder);
    assert_not_told(watch);
    put(folder, "new/file", "");
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

static void a_directory_that_is_replaced_is_watched_again(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    struct disk_watch *watch = watch_scanned(folder);
    for (int i = 0; i < 3; i++) { /* by one that may get the same inode number */
        assert_int_equal(rmdir(in_folder(folder, "meta")), 0);
        put_directory(folder, "meta");
        assert_told(folder, watch);
        put(folder, "meta/file", "");
        assert_told(folder, watch);
        assert_int_equal(unlink(in_folder(folder, "meta/file")), 0);
        assert_told(folder, watch);
    }
    assert_int_equal(rename(in_folder(folder, "meta"), in_folder(folder, "moved")), 0);
    put_directory(folder, "meta");
    assert_told(folder, watch);
    put(folder, "moved/file", "");
    assert_told(folder, watch);
    put(folder, "meta/file", "");
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

static void a_directory_moved_out_is_watched_no_more(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    struct disk_watch *watch = watch_scanned(folder);
    assert_int_equal(rename(in_folder(folder, "meta"), in_folder(folder, "../moved")), 0);
    assert_told(folder, watch);
    put(folder, "../moved/file", "");
    assert_not_told(watch);
    disk_watch_destroy(watch);
}

static void the_end_of_the_folder_and_its_return_are_told(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "select 1;");
    struct disk_watch *watch = watch_scanned(folder);
    remove_tree(folder->path);
    assert_told(folder, watch);
    assert_true(folder->disk->is_gone);
    assert_int_equal(mkdir(folder->path, 0755), 0);
    assert_told(folder, watch);
    assert_false(folder->disk->is_gone);
    put(folder, "a.sql", "select 2;");
    assert_told(folder, watch);
    assert_holds(folder, "a.sql", "select 2;");
    disk_watch_destroy(watch);
}

static void a_folder_that_is_replaced_is_watched_in_its_place(void **state) {
    struct folder *folder = *state;
    struct disk_watch *watch = watch_scanned(folder);
    assert_int_equal(rename(folder->path, beside(folder, "old")), 0);
    assert_int_equal(mkdir(beside(folder, "new"), 0755), 0);
    assert_int_equal(rename(beside(folder, "new"), folder->path), 0);
    assert_told(folder, watch);
    put(folder, "../old/file", "");
    assert_not_told(watch);
    put(folder, "a.sql", "");
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

static void the_return_of_all_that_led_to_the_folder_is_told(void **state) {
    struct folder *folder = *state;
    static const char *const steps[] = {"a", "a/b", "a/b/c"};
    snprintf(folder->path, sizeof folder->path, "%s/a/b/c", folder->outside);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mkdir(beside(folder, steps[i]), 0755), 0);
    }
    struct disk_watch *watch = watch_scanned(folder);
    remove_tree(beside(folder, "a"));
    assert_told(folder, watch);
    assert_true(folder->disk->is_gone);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mkdir(beside(folder, "not_awaited"), 0755), 0);
        assert_int_equal(rmdir(beside(folder, "not_awaited")), 0);
        assert_false(disk_watch_drain(watch));
        assert_int_equal(mkdir(beside(folder, steps[i]), 0755), 0);
        assert_told(folder, watch);
        assert_int_equal(folder->disk->is_gone, i < 2);
    }
    remove_tree(beside(folder, "a"));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mkdir(beside(folder, steps[i]), 0755), 0);
    }
    assert_told(folder, watch);
    assert_false(folder->disk->is_gone);
    put(folder, "a.sql", "");
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

static void *make_all_that_leads_there(void *context) {
    const struct folder *folder = context;
    char path[sizeof folder->path];
    strcpy(path, folder->path);
    for (char *slash = path + strlen(folder->outside) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0755);
    }
    mkdir(path, 0755);
    return NULL;
}

static void a_return_while_the_way_is_walked_is_told(void **state) {
    struct folder *folder = *state;
    pthread_t thread;
    snprintf(folder->path, sizeof folder->path, "%s/a/b/c", folder->outside);
    make_all_that_leads_there(folder);
    struct disk_watch *watch = watch_scanned(folder);
    for (int i = 0; i < 300; i++) {
        remove_tree(beside(folder, "a"));
        assert_int_equal(pthread_create(&thread, NULL, make_all_that_leads_there, folder), 0);
        for (bool is_over = false; !is_over;) {
            is_over = pthread_tryjoin_np(thread, NULL) == 0;
            while (disk_watch_drain(watch)) {
                scan(folder);
            }
        }
        assert_false(folder->disk->is_gone);
    }
    disk_watch_destroy(watch);
}

/* ---- links on the way ---- */

static void a_link_that_is_flipped_is_told_and_followed(void **state) {
    struct folder *folder = *state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(mkdir(beside(folder, i == 0 ? "r1" : "r2"), 0755), 0);
        assert_int_equal(mkdir(beside(folder, i == 0 ? "r1/drizzle" : "r2/drizzle"), 0755), 0);
    }
    assert_int_equal(symlink("r1", beside(folder, "current")), 0);
    snprintf(folder->path, sizeof folder->path, "%s/current/drizzle", folder->outside);
    put(folder, "a.sql", "select 1;");
    struct disk_watch *watch = watch_scanned(folder);
    put(folder, "../b", ""); /* beside the folder, in a folder on the path */
    assert_not_told(watch);
    assert_int_equal(symlink("r2", beside(folder, "next")), 0);
    assert_not_told(watch);
    assert_int_equal(rename(beside(folder, "next"), beside(folder, "current")), 0);
    assert_told(folder, watch);
    assert_null(find(folder, "a.sql"));
    put(folder, "b.sql", "select 2;");
    assert_told(folder, watch);
    assert_holds(folder, "b.sql", "select 2;");
    assert_int_equal(unlink(beside(folder, "r1/drizzle/a.sql")), 0);
    assert_not_told(watch);
    disk_watch_destroy(watch);
}

static void permissions_on_the_way_are_told(void **state) {
    struct folder *folder = *state;
    struct disk_watch *watch = watch_scanned(folder);
    assert_int_equal(chmod(folder->outside, 0700), 0);
    assert_told(folder, watch);
    assert_int_equal(folder->disk->way[folder->disk->way_count - 1].granted, 0700);
    disk_watch_destroy(watch);
}

static void a_folder_that_is_not_there_yet_is_awaited(void **state) {
    struct folder *folder = *state;
    scan(folder);
    assert_int_equal(rmdir(folder->path), 0);
    struct disk_watch *watch = watch_source(folder);
    scan_watched(folder, watch);
    assert_int_equal(mkdir(folder->path, 0755), 0);
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

/* The limit of a queue is fixed when it is created. Where a queue would take long to fill, root may
 * set a shorter limit, which applies to every process that creates one at that moment, so there is
 * a lock. */
static struct disk_watch *watch_with_a_queue_to_fill(struct folder *folder, int *ret_length) {
    enum { LONG = 100000, SHORT = 10000 };
    char usual[16] = "";
    int limit = open("/proc/sys/fs/inotify/max_queued_events", O_RDWR | O_CLOEXEC);
    int lock = limit < 0 ? open("/proc/sys/fs/inotify/max_queued_events", O_RDONLY | O_CLOEXEC) : limit;
    flock(lock, LOCK_EX);
    assert_true(pread(lock, usual, sizeof usual - 1, 0) > 0);
    *ret_length = atoi(usual);
    bool is_short = *ret_length > LONG && pwrite(limit, "10000", strlen("10000"), 0) > 0;
    struct disk_watch *watch = watch_source(folder);
    if (is_short) {
        *ret_length = pwrite(limit, usual, strlen(usual), 0) > 0 ? SHORT : 0;
    }
    close(lock);
    assert_true(*ret_length > 0);
    scan_watched(folder, watch);
    return watch;
}

static void an_overflow_is_told_and_survived(void **state) {
    struct folder *folder = *state;
    int maximum;
    put_directory(folder, "meta");
    put(folder, "a", "");
    put(folder, "b", "");
    struct disk_watch *watch = watch_with_a_queue_to_fill(folder, &maximum);
    char a[128], b[128];
    strcpy(a, in_folder(folder, "a"));
    strcpy(b, in_folder(folder, "b"));
    for (int i = 0; i <= maximum / 2; i++) {
        assert_int_equal(chmod(a, 0600) + chmod(b, 0600), 0);
    }
    assert_int_equal(rmdir(in_folder(folder, "meta")), 0);
    put_directory(folder, "meta");
    assert_told(folder, watch);
    put(folder, "meta/file", "");
    assert_told(folder, watch);
    disk_watch_destroy(watch);
}

static void update_with_two_watches(struct folder *folder) {
    struct error error;
    if (unshare(CLONE_NEWUSER) < 0) {
        _exit(CHILD_SKIPPED);
    }
    FILE *limit = fopen("/proc/sys/user/max_inotify_watches", "we");
    if (!limit || fputs("2", limit) < 0 || fclose(limit) != 0) {
        _exit(CHILD_SKIPPED);
    }
    struct disk_watch *watch = disk_watch_create(&error);
    CHECK(watch);
    struct disk_hooks hooks = disk_watch_hooks(watch);
    disk_set_hooks(folder->source, &hooks);
    struct disk *less = disk_scan(folder->source, folder->disk, 1, &error);
    CHECK(less && !disk_watch_is_whole(watch));
    less = disk_scan(folder->source, less, 1, &error);
    CHECK(less && !disk_watch_is_whole(watch));
    disk_watch_drain(watch);
    FILE *more = fopen("/proc/sys/user/max_inotify_watches", "we");
    CHECK(more && fputs("1000", more) >= 0 && fclose(more) == 0);
    less = disk_scan(folder->source, less, 1, &error);
    CHECK(less && disk_watch_is_whole(watch));
    CHECK(unlink(in_folder(folder, "a.sql")) == 0);
    CHECK(disk_watch_drain(watch));
}

static void without_watches_left_it_says_so(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    put(folder, "a.sql", "");
    scan(folder);
    in_child(folder, update_with_two_watches);
}

static void nothing_is_left_open(void **state) {
    struct folder *folder = *state;
    scan(folder);
    size_t before = open_descriptors();
    disk_watch_destroy(watch_scanned(folder));
    disk_watch_destroy(NULL);
    assert_int_equal(open_descriptors(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(every_change_below_the_folder_is_told),
        folder_test(reading_is_no_change),
        folder_test(a_change_beside_the_folder_is_not_told),
        folder_test(what_is_watched_before_it_is_listed_needs_no_second_look),
        folder_test(a_directory_that_is_replaced_is_watched_again),
        folder_test(a_directory_moved_out_is_watched_no_more),
        folder_test(the_end_of_the_folder_and_its_return_are_told),
        folder_test(a_folder_that_is_replaced_is_watched_in_its_place),
        folder_test(the_return_of_all_that_led_to_the_folder_is_told),
        folder_test(a_return_while_the_way_is_walked_is_told),
        folder_test(a_link_that_is_flipped_is_told_and_followed),
        folder_test(permissions_on_the_way_are_told),
        folder_test(a_folder_that_is_not_there_yet_is_awaited),
        folder_test(an_overflow_is_told_and_survived),
        folder_test(without_watches_left_it_says_so),
        folder_test(nothing_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
