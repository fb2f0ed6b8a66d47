/* The insides of the source, for who scans it. */
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
    struct disk_arrival arrival;    /* of the last walk; at `root`, or at what is not reached now */
    struct disk_follower *follower; /* or NULL */
    struct disk_hooks hooks;
    size_t files_read;
    atomic_size_t asked, answered; /* by the scan that runs: its files to read */
};

/* Walks the way, and opens the folder again when it leads to another one by now. Then `arrival` tells, and `root` is what is to be
 * scanned where it was reached. False with errno when memory or descriptors have run out; then all is as before. */
bool disk_source_follow(struct disk_source *source);

/* Walks it once more, after everything has been read. Where it is not the same any more, what was read may have been moved out of somebody's
 * reach before it was: then the way is closed to all. False with errno when memory or descriptors have run out. */
bool disk_source_confirm(struct disk_source *source);

#endif
