/* The thread and its starter share one allocation; the last to leave frees it. */
#include "live/follow.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "migfs/util/record.h"

/* Milliseconds granted to a thread that does not hang to end. */
enum { PATIENCE = 200 };

struct follow {
    struct record record;
    struct disk_follower *follower;
    int every_ms;
    int moved, stop, ended; /* eventfds */
};

static void follow_unref(struct follow *follow) {
    const int descriptors[] = {follow->moved, follow->stop, follow->ended};
    if (!record_unref(&follow->record)) {
        return;
    }
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++) {
        if (descriptors[i] >= 0) {
            close(descriptors[i]);
        }
    }
    disk_follower_unref(follow->follower);
    free(follow);
}

static bool is_stopped(const struct follow *follow) {
    struct pollfd stop = {.fd = follow->stop, .events = POLLIN};
    return poll(&stop, 1, follow->every_ms) > 0;
}

static void *follow_loop(void *context) {
    struct follow *follow = context;
    while (!is_stopped(follow)) {
        if (disk_follower_has_moved(follow->follower)) {
            eventfd_write(follow->moved, 1);
        }
    }
    eventfd_write(follow->ended, 1);
    follow_unref(follow);
    return NULL;
}

static bool start_thread(struct follow *follow, struct error *error) {
    pthread_t thread;
    record_ref(&follow->record);
    errno = pthread_create(&thread, NULL, follow_loop, follow);
    if (errno != 0) {
        record_unref(&follow->record); /* not the last reference: the caller has one */
        return error_set_errno(error, "no thread could be had");
    }
    pthread_detach(thread);
    return true;
}

struct follow *follow_start(struct disk_follower *follower, unsigned every_ms, struct error *error) {
    struct follow *follow = calloc(1, sizeof *follow);
    if (!follow) {
        disk_follower_unref(follower);
        error_set_memory(error);
        return NULL;
    }
    record_init(&follow->record);
    follow->follower = follower;
    follow->every_ms = (int)every_ms;
    follow->moved = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    follow->stop = eventfd(0, EFD_CLOEXEC);
    follow->ended = eventfd(0, EFD_CLOEXEC);
    bool has_all = follow->moved >= 0 && follow->stop >= 0 && follow->ended >= 0;
    if (!has_all) {
        error_set_errno(error, "no eventfd could be had");
    }
    if (!has_all || !start_thread(follow, error)) {
        follow_unref(follow);
        return NULL;
    }
    return follow;
}

int follow_descriptor(const struct follow *follow) {
    return follow->moved;
}

void follow_clear(struct follow *follow) {
    eventfd_t count;
    eventfd_read(follow->moved, &count);
}

void follow_stop(struct follow *follow) {
    if (!follow) {
        return;
    }
    struct pollfd ended = {.fd = follow->ended, .events = POLLIN};
    eventfd_write(follow->stop, 1);
    poll(&ended, 1, PATIENCE);
    follow_unref(follow);
}
