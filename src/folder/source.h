/* The internals of a source, for code that scans it. */
#ifndef FOLDER_SOURCE_H
#define FOLDER_SOURCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "folder/root.h"
#include "folder/way.h"
#include "migfs/folder/source.h"

struct disk_source {
    char *path;
    struct disk_root *root;
    struct disk_arrival arrival;    /* of the last walk: `root`, or why it is unreachable */
    struct disk_follower *follower; /* or NULL */
    struct disk_hooks hooks;
    bool leaves_snapshots; /* disk_leave_snapshots() */
    bool leaves_lists;     /* disk_leave_lists() */
    size_t files_read;
    atomic_size_t asked, answered; /* files to read of the current scan */
};

/* Walks the path, and opens the folder again if the path leads to another one. Sets `arrival`, and
 * `root` if a folder was reached. Returns false with errno when memory or descriptors have run out;
 * nothing has changed then. */
bool disk_source_follow(struct disk_source *source);

/* Walks the path once more, after everything has been read. If it has changed, the data may have
 * been moved out of some users' reach before it was read; so the path is then closed to all users.
 * Returns false with errno when memory or descriptors have run out. */
bool disk_source_confirm(struct disk_source *source);

#endif
