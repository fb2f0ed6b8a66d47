/* Lists everything below an opened folder: each name once, with what it is, sorted. Reads no file. */
#ifndef MIGFS_FOLDER_WALK_H
#define MIGFS_FOLDER_WALK_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "folder/root.h"
#include "migfs/folder/set.h"
#include "migfs/util/arena.h"

struct disk_found {
    struct disk_entry entry; /* path, name and what stat() tells; of a file not yet its content */
    unsigned depth;          /* the root's is 0 */
    struct disk_outcome outcome;
    bool is_racy;                    /* for who reads it */
    const struct disk_entry *before; /* for who compares it with an earlier scan */
};

struct disk_walk {
    struct arena *arena; /* the paths' */
    const struct disk_root *root;
    struct disk_watch *watch; /* told of each directory before it is listed; or NULL */
    struct disk_found *found; /* [0] is the root; sorted by path, none that vanished but the root itself */
    size_t count, capacity;
    DIR *directory; /* open while it is listed */
    int error;      /* errno of a trouble that stopped the walk, or 0 */
};

/* The order of a scan: by bytes, but a slash before all others, so that a directory stands right before what is in it. */
int disk_path_compare(struct text a, struct text b);

/* Sets what stat() tells; whom an access control list shuts out it does not tell, so of the permissions only the owner's are granted. */
void disk_entry_describe(struct disk_entry *entry, const struct stat *stat);

/* Fills a `struct disk_walk` of which arena, root and watch are set; a body for arena_run(). */
void disk_walk(void *context);

/* Gives back what is not the arena's, also after an escape. */
void disk_walk_finish(struct disk_walk *walk);

#endif
