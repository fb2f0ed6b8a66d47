/* Reports that something below the source folder, or on the path to it, may have changed. Watches
 * each directory with inotify before a scan reads it. It does not say what has changed; the next
 * scan finds that. Belongs to the refresh thread. */
#ifndef MIGFS_FOLDER_WATCH_H
#define MIGFS_FOLDER_WATCH_H

#include <stdbool.h>

#include "migfs/folder/source.h"
#include "migfs/util/error.h"

struct disk_watch;

struct disk_watch *disk_watch_create(struct error *error);
void disk_watch_destroy(struct disk_watch *watch); /* takes NULL */

/* The hooks by which a source's scans set up watches. Valid as long as the watch. */
struct disk_hooks disk_watch_hooks(struct disk_watch *watch);

/* False if some directory of the last scan cannot be watched (no watches left); the caller must
 * then scan periodically. Folders on the path do not count, since the path can be walked
 * periodically instead. */
bool disk_watch_is_whole(const struct disk_watch *watch);

/* The descriptor to poll: readable after an event. */
int disk_watch_descriptor(const struct disk_watch *watch);

/* Consumes all pending events. True if any may concern the source; an overflow always does. */
bool disk_watch_drain(struct disk_watch *watch);

#endif
