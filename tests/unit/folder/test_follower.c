/* What a follower knows of the scans while it walks on its own. */
#include "folder.h"

#include <pthread.h>
#include <stdatomic.h>

#include "migfs/folder/follower.h"

static void lead_to(const struct folder *folder, const char *target) {
    assert_int_equal(symlink(target, beside(folder, "next")), 0);
    assert_int_equal(rename(beside(folder, "next"), folder->path), 0);
}

static struct disk_follower *follow(struct folder *folder) {
    struct error error;
    assert_int_equal(mkdir(beside(folder, "r1"), 0755), 0);
    assert_int_equal(mkdir(beside(folder, "r2"), 0755), 0);
    assert_int_equal(rmdir(folder->path), 0);
    lead_to(folder, "r1");
    scan(folder);
    struct disk_follower *follower = disk_source_follower(folder->source, &error);
    assert_non_null(follower);
    return follower;
}

static void it_compares_with_the_last_scan_and_not_with_its_last_walk(void **state) {
    struct folder *folder = *state;
    struct disk_follower *follower = follow(folder);
    assert_false(disk_follower_has_moved(follower));
    lead_to(folder, "r2");
    assert_true(disk_follower_has_moved(follower));
    assert_true(disk_follower_has_moved(follower));
    scan(folder);
    assert_false(disk_follower_has_moved(follower));
    lead_to(folder, "r1");
    scan(folder);
    lead_to(folder, "r2"); /* where the last walk ended */
    assert_true(disk_follower_has_moved(follower));
    disk_follower_unref(follower);
}

static void it_outlives_the_source(void **state) {
    struct folder *folder = *state;
    struct disk_follower *follower = follow(folder);
    disk_unref(folder->disk);
    disk_close(folder->source);
    folder->disk = NULL;
    folder->source = NULL;
    assert_false(disk_follower_has_moved(follower));
    lead_to(folder, "r2");
    assert_true(disk_follower_has_moved(follower));
    disk_follower_unref(follower);
    disk_follower_unref(NULL);
}

struct walking {
    struct disk_follower *follower;
    atomic_bool is_over;
    atomic_uint moves;
};

static void *walk(void *context) {
    struct walking *walking = context;
    while (!walking->is_over) {
        walking->moves += disk_follower_has_moved(walking->follower);
    }
    return NULL;
}

static void it_walks_while_the_source_is_scanned(void **state) {
    struct folder *folder = *state;
    struct walking walking = {.follower = follow(folder)};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, walk, &walking), 0);
    for (int i = 0; i < 1000 || walking.moves == 0; i++) {
        lead_to(folder, i % 2 == 0 ? "r2" : "r1");
        scan(folder);
    }
    walking.is_over = true;
    pthread_join(thread, NULL);
    assert_false(disk_follower_has_moved(walking.follower));
    disk_follower_unref(walking.follower);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(it_compares_with_the_last_scan_and_not_with_its_last_walk),
        folder_test(it_outlives_the_source),
        folder_test(it_walks_while_the_source_is_scanned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
