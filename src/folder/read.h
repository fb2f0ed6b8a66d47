/* Reads files below an opened folder, each as one consistent version, and examines the SQL files
 * among them. Takes a list and answers each item; knows nothing of scans. */
#ifndef MIGFS_FOLDER_READ_H
#define MIGFS_FOLDER_READ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "folder/root.h"
#include "folder/set.h"
#include "migfs/drizzle/snapshot_head.h"
#include "migfs/drizzle/statements.h"
#include "migfs/util/content.h"

struct disk_reading {
    /* Asked: */
    const char *path;            /* below the folder */
    const struct disk_place *in; /* the directory in which it was listed */
    const char *name;            /* its name there */
    bool is_link;                /* to be followed */
    bool is_sql;                 /* to be examined */
    bool is_snapshot;            /* its head to be read */
    off_t maximum;               /* bytes: a larger file is refused */
    const char *too_large;       /* the reason for that; NULL: any size */
    bool may_hold;               /* keep its bytes if at most DISK_HELD_EACH */
    bool leaves_list;            /* its access control list is not needed */
    struct content *before;      /* the last bytes read here, reused if unchanged; or NULL */
    /* Answered: */
    struct disk_outcome outcome;
    struct stat stat;              /* of the version read; when refused, as far as known */
    mode_t granted;                /* as in struct disk_entry, when reached */
    struct content *content;       /* one reference for the caller; NULL unless reached */
    struct sql sql;                /* when is_sql and reached */
    struct line_ends line_ends;    /* likewise, if the bytes are not held */
    struct snapshot_head snapshot; /* when is_snapshot and reached */
    bool was_read;                 /* its bytes, not only its attributes */
    bool is_racy;                  /* a further change may keep its times: read it again */
};

/* Answers all readings with up to `threads` threads, and adds 1 to *answered for each. Must not be
 * called in parallel for the same readings. */
void disk_read_all(struct disk_root *root, struct disk_reading *readings, size_t count, unsigned threads,
                   atomic_size_t *answered);

#endif
