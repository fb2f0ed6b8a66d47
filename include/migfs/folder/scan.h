/* Makes sets of the source folder. Nothing but regular files and directories is ever opened; links to directories are not followed,
 * other filesystems mounted below are not entered, nor what lies more than 64 directories deep. */
#ifndef MIGFS_FOLDER_SCAN_H
#define MIGFS_FOLDER_SCAN_H

#include "migfs/folder/set.h"
#include "migfs/folder/source.h"
#include "migfs/util/error.h"

enum {
    DISK_HELD_EACH = 1 << 20,     /* bytes: larger files stay on disk and are read on demand */
    DISK_HELD_TOTAL = 256 << 20,  /* bytes of all files held by a scan: what is above it stays there, too */
    DISK_SQL_MAXIMUM = 64 << 20,  /* bytes: a larger SQL file is refused */
    DISK_RULES_MAXIMUM = 1 << 20, /* bytes: and so is a larger .migfs */
};

/* A new scan, in which files unchanged since `previous` (may be NULL) keep their content and are not read again. If nothing
 * at all changed it returns `previous` with one more reference. When the folder was removed and created again
 * at the same path, the new one is opened. Files are read and hashed by `threads` threads. NULL on error: out of memory or
 * descriptors; what stood before stands. */
struct disk *disk_scan(struct disk_source *source, struct disk *previous, unsigned threads, struct error *error);

#endif
