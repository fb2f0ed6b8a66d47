/* Holds the path and a copy of the last scan's arrival, and shares nothing else with the scanning
 * thread. */
#include "folder/follower.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/record.h"

struct disk_follower {
    struct record record;
    char *path;
    pthread_mutex_t lock; /* protects `known`; not held during a walk */
    struct disk_arrival known;
};

struct disk_follower *disk_follower_create(const char *path, const struct disk_arrival *arrival) {
    struct disk_follower *follower = calloc(1, sizeof *follower);
    if (!follower || !(follower->path = strdup(path))) {
        free(follower);
        return NULL;
    }
    record_init(&follower->record);
    pthread_mutex_init(&follower->lock, NULL);
    follower->known.way.descriptor = -1;
    disk_follower_learn(follower, arrival);
    return follower;
}

struct disk_follower *disk_follower_ref(struct disk_follower *follower) {
    record_ref(&follower->record);
    return follower;
}

void disk_follower_unref(struct disk_follower *follower) {
    if (follower && record_unref(&follower->record)) {
        disk_way_finish(&follower->known.way);
        pthread_mutex_destroy(&follower->lock);
        free(follower->path);
        free(follower);
    }
}

/* Without memory for a copy the arrival is unknown, so any walk reports a move and causes a new
 * scan. */
void disk_follower_learn(struct disk_follower *follower, const struct disk_arrival *arrival) {
    struct disk_arrival copy = *arrival;
    copy.way.descriptor = -1;
    copy.way.capacity = copy.way.count;
    copy.way.folders = calloc(copy.way.count + 1, sizeof *copy.way.folders);
    if (!copy.way.folders) {
        copy.way.count = 0;
    }
    for (size_t i = 0; i < copy.way.count; i++) {
        copy.way.folders[i] = arrival->way.folders[i];
    }
    pthread_mutex_lock(&follower->lock);
    struct disk_arrival before = follower->known;
    follower->known = copy;
    pthread_mutex_unlock(&follower->lock);
    disk_way_finish(&before.way);
}

bool disk_follower_has_moved(struct disk_follower *follower) {
    struct disk_arrival now;
    now.outcome = disk_way_walk(follower->path, NULL, &now.way);
    pthread_mutex_lock(&follower->lock);
    bool has_moved = now.outcome.kind != OUTCOME_TROUBLE && !disk_arrival_is_same(&follower->known, &now);
    pthread_mutex_unlock(&follower->lock);
    disk_way_finish(&now.way);
    return has_moved;
}
