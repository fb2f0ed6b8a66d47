/* Makes sets of the source folder. Nothing but regular files and directories is ever opened; links to directories are not followed,
 * other filesystems mounted below are not entered, nor what lies more than 64 directories deep. */
#ifndef MIGFS_FOLDER_SCAN_H
#define MIGFS_FOLDER_SCAN_H

#include "migfs/folder/set.h"
#include "migfs/folder/source.h"
#include "migfs/util/error.h"

/* A new scan, in which files unchanged since `previous` (may be NULL) keep their content and are not read again. If nothing
 * at all changed it returns `previous` with one more reference. When the folder was removed and created again
 * at the same path, the new one is opened. Files are read and hashed by `threads` threads. NULL on error: out of memory or
 * descriptors; what stood before stands. */
struct disk *disk_scan(struct disk_source *source, struct disk *previous, unsigned threads, struct error *error);

#endif
