/* Reads files below an opened folder, each as one consistent version, and finds out what the SQL files among them are. Knows
 * nothing of scans: it is given a list and answers each. */
#ifndef MIGFS_FOLDER_READ_H
#define MIGFS_FOLDER_READ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "folder/root.h"
#include "migfs/drizzle/snapshot_head.h"
#include "migfs/drizzle/statements.h"
#include "migfs/util/content.h"

struct disk_reading {
    /* Asked: */
    const char *path;            /* below the folder */
    const struct disk_place *in; /* the directory in which it was listed, */
    const char *name;            /* and its name there */
    bool is_link;                /* to be followed */
    bool is_sql;                 /* to be examined */
    bool is_snapshot;            /* its head to be read */
    off_t maximum;               /* bytes: larger it is refused, */
    const char *too_large;       /* with this reason; NULL: it may be of any size */
    bool may_hold;               /* keep its bytes unless there are more than DISK_HELD_EACH of them */
    struct content *before;      /* what was read here last, kept when the bytes are still those; or NULL */
    /* Answered: */
    struct disk_outcome outcome;
    struct stat stat;              /* of the version read; whatever is known of it when refused */
    mode_t granted;                /* as in struct disk_entry, when reached */
    struct content *content;       /* one reference for the caller; NULL unless reached */
    struct sql sql;                /* when is_sql and reached */
    struct snapshot_head snapshot; /* when is_snapshot and reached */
    bool was_read;                 /* its bytes, rather than only its attributes */
    bool is_racy; /* so fresh that its next change may leave its times as they are: read it again next time */
};

/* Answers all of them, by up to `threads` threads, and adds 1 to *answered for each. Must not be called in parallel for the same
 * readings. */
void disk_read_all(struct disk_root *root, struct disk_reading *readings, size_t count, unsigned threads,
                   atomic_size_t *answered);

#endif
