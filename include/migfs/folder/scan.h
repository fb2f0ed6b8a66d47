/* Makes sets of the source folder. Opens only regular files and directories. Does not follow links
 * to directories, enter filesystems mounted below the source, or descend more than 64
 * directories. */
#ifndef MIGFS_FOLDER_SCAN_H
#define MIGFS_FOLDER_SCAN_H

#include "migfs/folder/set.h"
#include "migfs/folder/source.h"
#include "migfs/util/error.h"

/* A new scan, in which files unchanged since `previous` (may be NULL) keep their content and are
 * not read again. If nothing has changed it returns `previous` with one more reference. If the
 * folder was removed and created again at the same path, the new one is opened. Files are read and
 * hashed by `threads` threads. Returns NULL on error: out of memory or descriptors; the previous
 * state remains. */
struct disk *disk_scan(struct disk_source *source, struct disk *previous, unsigned threads, struct error *error);

#endif
