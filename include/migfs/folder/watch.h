/* Tells that something below the source folder may have changed. It watches by inotify and says only "look again": what
 * changed is found by the next scan. Belongs to the refresh thread. */
#ifndef MIGFS_FOLDER_WATCH_H
#define MIGFS_FOLDER_WATCH_H

#include <stdbool.h>

#include "migfs/folder/set.h"
#include "migfs/util/error.h"

struct disk_watch;

struct disk_watch *disk_watch_create(const char *absolute_path, struct error *error);
void disk_watch_destroy(struct disk_watch *watch); /* takes NULL */

/* Watches a directory, by its path below the folder, that a scan is about to list: what changes in it from then on is told. */
void disk_watch_ahead(struct disk_watch *watch, struct text path);

/* Watches every directory of this scan, of which it keeps a reference, and the folder's parent so that its coming back is seen
 * (or the lowest directory above that exists). Call it before and after a scan: a change between is then seen by one or the other,
 * and where a directory is watched for the first time only after it was listed, disk_watch_drain() returns true once more, so that
 * it is listed again. Returns false when some directory cannot be watched (no watches left): the caller then scans by the clock. */
bool disk_watch_update(struct disk_watch *watch, struct disk *disk);

/* The descriptor to wait on (readable: something happened). */
int disk_watch_descriptor(const struct disk_watch *watch);

/* Takes all waiting events. True when any may concern the folder; an overflow always does. */
bool disk_watch_drain(struct disk_watch *watch);

#endif
