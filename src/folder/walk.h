/* Lists everything below an opened folder: each name once, with its kind, sorted. Reads no file. */
#ifndef MIGFS_FOLDER_WALK_H
#define MIGFS_FOLDER_WALK_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "folder/root.h"
#include "migfs/folder/entry.h"
#include "migfs/util/arena.h"

/* Names: a folder with more is refused, since a listing could be endless. */
enum { DISK_NAMES_MAXIMUM = 300000 };

struct disk_found {
    struct disk_entry entry;     /* path, name and what stat() reports; no content yet */
    const struct disk_place *in; /* the directory it was listed in; NULL for the root */
    struct disk_place *place;    /* a directory that was listed; else NULL */
    unsigned depth;              /* the root's is 0 */
    bool leads_to_folder;        /* a link to a folder within the source */
    struct disk_outcome outcome;
    bool is_racy;                      /* set by the code that reads it, as is the next */
    const struct line_ends *line_ends; /* of SQL that is not held; else NULL */
    const struct disk_entry *before;   /* set by the comparison with the previous scan */
};

struct disk_walk {
    struct arena *arena; /* owns the paths */
    const struct disk_root *root;
    void (*about_to_list)(void *context, int directory); /* called before each directory; or NULL */
    void *context;                                       /* passed to the callback */
    struct disk_reach reach;
    size_t listed;            /* names */
    struct disk_found *found; /* [0] is the root; sorted by path; only the root may have vanished */
    size_t count, capacity;
    DIR *directory; /* open while it is being listed */
    int error;      /* errno that stopped the walk, or 0 */
};

/* Fills a `struct disk_walk` with arena, root and callback set; a body for arena_run(). */
void disk_walk(void *context);

/* Frees what the arena does not own, also after an escape. */
void disk_walk_finish(struct disk_walk *walk);

#endif
