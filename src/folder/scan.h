/* The insides of the opened source and of a scan, for disk.c and disk_scan.c alone. */
#ifndef MIGFS_FOLDER_SCAN_H
#define MIGFS_FOLDER_SCAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "folder/root.h"
#include "migfs/folder/set.h"
#include "migfs/util/arena.h"
#include "migfs/util/digest.h"

struct disk_source {
    char *path;
    struct disk_root *root;
    struct disk_watch *watch; /* or NULL */
    size_t files_read;
    atomic_size_t asked, answered; /* by the scan that runs: its files to read */
};

struct line_ends {
    struct digest lf, crlf;
};

/* A scan as it is kept. The last two are the refresh thread's own. */
struct scan {
    struct disk disk;
    atomic_uint references;
    struct arena *arena;          /* all of it */
    bool *is_racy;                /* [count]: to be read again even if it looks unchanged */
    struct line_ends **line_ends; /* [count], once one was asked for */
};

static inline struct scan *scan_of(const struct disk *disk) {
    return (struct scan *)disk;
}

#endif
