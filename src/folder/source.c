/* Opens the source folder, walks the path to it, and counts the cost of its scans. */
#include "folder/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder/follower.h"

/* ---- the way ---- */

/* The new arrival replaces the old one; if the folder was not reached, the identity of the last one
 * is kept. */
static void take(struct disk_source *source, struct disk_arrival *arrival) {
    struct disk_arrival old = source->arrival;
    if (arrival->outcome.kind != OUTCOME_REACHED || disk_arrival_is_covered(&old, &arrival->way)) {
        arrival->way.device = old.way.device;
        arrival->way.inode = old.way.inode;
        arrival->way.mount = old.way.mount;
        arrival->way.is_mount = old.way.is_mount;
    }
    source->arrival = *arrival;
    *arrival = old;
}

static bool open_end(struct disk_source *source, struct disk_way *way) {
    struct disk_root *root = disk_root_create(way->descriptor);
    if (root) {
        disk_way_take(way);
        disk_root_unref(source->root);
        source->root = root;
    }
    return root;
}

bool disk_source_follow(struct disk_source *source) {
    struct disk_arrival arrival;
    struct disk_way *way = &arrival.way;
    arrival.outcome = disk_way_walk(source->path, &source->hooks, way);
    bool is_done = arrival.outcome.kind != OUTCOME_TROUBLE;
    int code = arrival.outcome.error;
    if (arrival.outcome.kind == OUTCOME_REACHED && !disk_arrival_is_covered(&source->arrival, way) &&
        !(source->root && disk_way_ends_same(way, &source->arrival.way))) {
        is_done = open_end(source, way);
        code = errno;
    }
    if (way->descriptor >= 0) {
        close(disk_way_take(way));
    }
    if (is_done) {
        take(source, &arrival);
    }
    disk_way_finish(way);
    errno = code;
    return is_done;
}

bool disk_source_confirm(struct disk_source *source) {
    struct disk_arrival now;
    now.outcome = disk_way_walk(source->path, NULL, &now.way);
    bool is_confirmed = disk_arrival_is_same(&source->arrival, &now);
    disk_way_finish(&now.way);
    if (now.outcome.kind == OUTCOME_TROUBLE) {
        errno = now.outcome.error;
        return false;
    }
    return is_confirmed || disk_way_close(&source->arrival.way);
}

/* ---- beginning and end ---- */

static bool open_first(struct disk_source *source) {
    struct disk_outcome outcome;
    if (!disk_source_follow(source)) {
        return false;
    }
    int descriptor = -1;
    outcome = source->arrival.outcome;
    if (outcome.kind == OUTCOME_REACHED) {
        descriptor = disk_root_open_directory(source->root, -1, ".", &outcome);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    errno = outcome.error;
    return outcome.kind == OUTCOME_REACHED;
}

struct disk_source *disk_open(const char *absolute_path, struct error *error) {
    struct disk_source *source = calloc(1, sizeof *source);
    if (!source || !(source->path = strdup(absolute_path))) {
        free(source);
        error_set_memory(error);
        return NULL;
    }
    source->arrival.way.descriptor = -1;
    if (!open_first(source)) {
        if (errno == 0) {
            error_set(error, ERROR_SYSTEM, "the folder %s %s", absolute_path, source->arrival.outcome.reason);
        } else {
            error_set_folder(error, absolute_path);
        }
        disk_close(source);
        return NULL;
    }
    return source;
}

void disk_close(struct disk_source *source) {
    if (source) {
        disk_root_unref(source->root);
        disk_way_finish(&source->arrival.way);
        disk_follower_unref(source->follower);
        free(source->path);
        free(source);
    }
}

void disk_leave_snapshots(struct disk_source *source) {
    source->leaves_snapshots = true;
}

void disk_leave_lists(struct disk_source *source) {
    source->leaves_lists = true;
}

void disk_set_hooks(struct disk_source *source, const struct disk_hooks *hooks) {
    source->hooks = *hooks;
}

struct disk_follower *disk_source_follower(struct disk_source *source, struct error *error) {
    struct disk_follower *follower = disk_follower_create(source->path, &source->arrival);
    if (!follower) {
        error_set_memory(error);
        return NULL;
    }
    disk_follower_unref(source->follower);
    source->follower = disk_follower_ref(follower);
    return follower;
}

size_t disk_files_read(const struct disk_source *source) {
    return source->files_read;
}

struct disk_progress disk_progress(const struct disk_source *source) {
    return (struct disk_progress){.read = source->answered, .total = source->asked};
}
