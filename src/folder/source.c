/* Opens the source folder, follows the way to it, and counts what the scans of it cost. */
#include "folder/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the way ---- */

/* A filesystem that was mounted over the folder since is not entered: it may well be our own. */
static bool is_covered(const struct disk_source *source, const struct disk_way *way) {
    return source->root && way->is_mount && way->device != source->way.device &&
           disk_way_is_through_same(way, &source->way);
}

/* The new way takes the place of the one before. */
static void take_way(struct disk_source *source, struct disk_way *way, struct disk_outcome outcome) {
    struct disk_way old = source->way;
    if (outcome.kind != OUTCOME_REACHED || is_covered(source, way)) {
        way->device = old.device;
        way->inode = old.inode;
        way->mount = old.mount;
        way->is_mount = old.is_mount;
    }
    source->way = *way;
    source->outcome = outcome;
    *way = old;
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
    struct disk_way way;
    struct disk_outcome outcome = disk_way_walk(source->path, &source->hooks, &way);
    bool is_done = outcome.kind != OUTCOME_TROUBLE;
    int code = outcome.error;
    if (outcome.kind == OUTCOME_REACHED && !is_covered(source, &way) &&
        !(source->root && disk_way_ends_same(&way, &source->way))) {
        is_done = open_end(source, &way);
        code = errno;
    }
    if (way.descriptor >= 0) {
        close(disk_way_take(&way));
    }
    if (is_done) {
        take_way(source, &way, outcome);
    }
    disk_way_finish(&way);
    errno = code;
    return is_done;
}

/* Whether a walk came to the same as the last one that was followed. */
static bool is_same(const struct disk_source *source, const struct disk_way *way, struct disk_outcome outcome) {
    if (outcome.kind != source->outcome.kind || !disk_way_passes_same(way, &source->way)) {
        return false;
    }
    return outcome.kind != OUTCOME_REACHED || is_covered(source, way) || disk_way_ends_same(way, &source->way);
}

bool disk_source_confirm(struct disk_source *source) {
    struct disk_way way;
    struct disk_outcome outcome = disk_way_walk(source->path, NULL, &way);
    bool is_confirmed = is_same(source, &way, outcome);
    disk_way_finish(&way);
    if (outcome.kind == OUTCOME_TROUBLE) {
        errno = outcome.error;
        return false;
    }
    return is_confirmed || disk_way_close(&source->way);
}

bool disk_has_moved(struct disk_source *source) {
    struct disk_way way;
    struct disk_outcome outcome = disk_way_walk(source->path, NULL, &way);
    bool has_moved = outcome.kind != OUTCOME_TROUBLE && !is_same(source, &way, outcome);
    disk_way_finish(&way);
    return has_moved;
}

/* ---- beginning and end ---- */

static bool open_first(struct disk_source *source) {
    struct disk_outcome outcome;
    if (!disk_source_follow(source)) {
        return false;
    }
    int descriptor = -1;
    outcome = source->outcome;
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
    source->way.descriptor = -1;
    if (!open_first(source)) {
        if (errno == 0) {
            error_set(error, ERROR_SYSTEM, "the folder %s %s", absolute_path, source->outcome.reason);
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
        disk_way_finish(&source->way);
        free(source->path);
        free(source);
    }
}

void disk_set_hooks(struct disk_source *source, const struct disk_hooks *hooks) {
    source->hooks = *hooks;
}

size_t disk_files_read(const struct disk_source *source) {
    return source->files_read;
}

struct disk_progress disk_progress(const struct disk_source *source) {
    return (struct disk_progress){.read = source->answered, .total = source->asked};
}
