/* The path to the source folder, walked component by component with descriptors, with links
 * resolved here: the folders it really passes, and the folder it ends at. Knows nothing of what is
 * below that folder. */
#ifndef FOLDER_WAY_H
#define FOLDER_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "folder/root.h"
#include "migfs/folder/hooks.h"
#include "migfs/folder/set.h"

struct disk_way {
    struct disk_passed *folders; /* in which a name was looked up; malloc'ed */
    size_t count, capacity;
    /* The folder at its end, when reached: */
    int descriptor; /* O_PATH, or -1 */
    dev_t device;
    ino_t inode;
    uint64_t mount; /* mount ID; 0 if the kernel does not report it */
    bool is_mount;  /* a filesystem is mounted there */
};

/* Walks an absolute path as it leads now. `hooks` (or NULL) are called for each folder before a
 * name is looked up in it. If the walk fails, the folders passed before are kept. The way must
 * always be finished. Asks filesystems for names only. */
struct disk_outcome disk_way_walk(const char *path, const struct disk_hooks *hooks, struct disk_way *ret_way);
void disk_way_finish(struct disk_way *way);

/* The same for a regular file; its descriptor is then open for reading. Returns false with errno,
 * and nothing to finish; EINVAL for anything else, which is never opened. */
bool disk_way_walk_to_file(const char *path, struct disk_way *ret_way);

/* Passes the descriptor to the caller. */
int disk_way_take(struct disk_way *way);

/* Whether both pass the same folders with the same permissions; and whether both end at the same
 * folder. */
bool disk_way_passes_same(const struct disk_way *a, const struct disk_way *b);
bool disk_way_ends_same(const struct disk_way *a, const struct disk_way *b);

/* The result of a walk. */
struct disk_arrival {
    struct disk_way way; /* as far as it was walked */
    struct disk_outcome outcome;
};

/* Whether a walk has the same result as the one before. A filesystem mounted over the folder since
 * then counts as the same: it is not entered, as it may be our own. */
bool disk_arrival_is_same(const struct disk_arrival *before, const struct disk_arrival *now);
bool disk_arrival_is_covered(const struct disk_arrival *before, const struct disk_way *now);

/* From now on no user is let through. Returns false when memory has run out. */
bool disk_way_close(struct disk_way *way);

#endif
