/* Lists everything below an opened folder: each name once, with what it is, sorted. Reads no file. */
#ifndef MIGFS_FOLDER_WALK_H
#define MIGFS_FOLDER_WALK_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "folder/root.h"
#include "migfs/folder/entry.h"
#include "migfs/util/arena.h"

/* Names: a folder in which there are more is refused, since a listing may have no end. */
enum { DISK_NAMES_MAXIMUM = 300000 };

struct disk_found {
    struct disk_entry entry;     /* path, name and what stat() tells; of a file not yet its content */
    const struct disk_place *in; /* the directory it was listed in; NULL for the root */
    struct disk_place *place;    /* of a directory that was listed; else NULL */
    unsigned depth;              /* the root's is 0 */
    struct disk_outcome outcome;
    bool is_racy;                    /* for who reads it */
    const struct disk_entry *before; /* for who compares it with an earlier scan */
};

struct disk_walk {
    struct arena *arena; /* the paths' */
    const struct disk_root *root;
    void (*about_to_list)(void *context, int directory); /* called before each directory; or NULL */
    void *context;                                       /* its own */
    struct disk_reach reach;
    size_t listed;            /* names */
    struct disk_found *found; /* [0] is the root; sorted by path, none that vanished but the root itself */
    size_t count, capacity;
    DIR *directory; /* open while it is listed */
    int error;      /* errno of a trouble that stopped the walk, or 0 */
};

/* Fills a `struct disk_walk` of which arena, root and callback are set; a body for arena_run(). */
void disk_walk(void *context);

/* Gives back what is not the arena's, also after an escape. */
void disk_walk_finish(struct disk_walk *walk);

#endif
