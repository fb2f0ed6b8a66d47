/* The thread that walks the way, and its end even while a walk hangs. What is walked is made to
 * hang by a function that the linker puts before the real one. */
#include "folder.h"

#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "live/follow.h"

bool __real_disk_follower_has_moved(struct disk_follower *follower);
bool __wrap_disk_follower_has_moved(struct disk_follower *follower);

static atomic_bool hangs;
static sem_t is_hanging, goes_on;

bool __wrap_disk_follower_has_moved(struct disk_follower *follower) {
    if (hangs) {
        sem_post(&is_hanging);
        sem_wait(&goes_on);
    }
    return __real_disk_follower_has_moved(follower);
}

static struct follow *start(struct folder *folder) {
    struct error error;
    scan(folder);
    struct follow *follow = follow_start(disk_source_follower(folder->source, &error), 1, &error);
    assert_non_null(follow);
    return follow;
}

static bool is_readable(const struct follow *follow, int wait_ms) {
    struct pollfd descriptor = {.fd = follow_descriptor(follow), .events = POLLIN};
    return poll(&descriptor, 1, wait_ms) == 1;
}

static void a_way_that_leads_elsewhere_is_told_until_the_folder_is_scanned(void **state) {
    struct folder *folder = *state;
    struct follow *follow = start(folder);
    assert_int_equal(chmod(folder->outside, 0711), 0);
    for (int i = 0; i < 3; i++) {
        assert_true(is_readable(follow, -1));
        follow_clear(follow);
    }
    scan(folder);
    do { /* what was found before the scan told of it */
        follow_clear(follow);
    } while (is_readable(follow, 20));
    follow_stop(follow);
}

static void a_walk_that_hangs_holds_up_nothing(void **state) {
    struct folder *folder = *state;
    hangs = true;
    struct follow *follow = start(folder);
    sem_wait(&is_hanging);
    assert_false(is_readable(follow, 0));
    scan(folder);
    follow_stop(follow);
    follow_stop(NULL);
    hangs = false;
    sem_post(&goes_on);
}

int main(void) {
    sem_init(&is_hanging, 0, 0);
    sem_init(&goes_on, 0, 0);
    const struct CMUnitTest tests[] = {
        folder_test(a_way_that_leads_elsewhere_is_told_until_the_folder_is_scanned),
        folder_test(a_walk_that_hangs_holds_up_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
