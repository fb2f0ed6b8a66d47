/* The source folder, named by a path that is walked again before each scan, so a changed link on
 * the path, or a replaced folder, is followed. What is below the folder is reached from its
 * descriptor, never through a link that leads out of it. Belongs to one thread at a time. */
#ifndef MIGFS_FOLDER_SOURCE_H
#define MIGFS_FOLDER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/folder/follower.h"
#include "migfs/folder/hooks.h"
#include "migfs/util/error.h"

struct disk_source;

/* Opens the folder. Errors: missing, not a directory, or not readable; each is a sentence that
 * names the folder. */
struct disk_source *disk_open(const char *absolute_path, struct error *error);
void disk_close(struct disk_source *source); /* takes NULL; contents on demand keep what they need */

/* Sets the hooks that all later scans call. */
void disk_set_hooks(struct disk_source *source, const struct disk_hooks *hooks);

/* From now on snapshots are read on demand instead of being held in memory: for callers that scan
 * once and read few of them. */
void disk_leave_snapshots(struct disk_source *source);

/* From now on access control lists of files are not read, and `granted` is what their owners may:
 * for callers that show the folder to the user alone who runs them. */
void disk_leave_lists(struct disk_source *source);

/* A new follower of this source, which replaces the previous one; must be called on the thread that
 * scans. It may outlive the source. Returns one reference for the caller; NULL when memory has run
 * out. */
struct disk_follower *disk_source_follower(struct disk_source *source, struct error *error);

/* Number of files that the scans of this source have read and hashed so far: the cost of a
 * refresh. */
size_t disk_files_read(const struct disk_source *source);

/* Progress of the current or last scan through the files that it must read. Any thread, also during
 * disk_scan(). */
struct disk_progress {
    size_t read, total;
};
struct disk_progress disk_progress(const struct disk_source *source);

#endif
