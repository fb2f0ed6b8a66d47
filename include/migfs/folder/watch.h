/* Tells that something below the source folder, or on the way to it, may have changed. It watches by inotify, each directory before a scan
 * looks into it, and says only "look again": what changed is found by the next scan. Belongs to the refresh thread. */
#ifndef MIGFS_FOLDER_WATCH_H
#define MIGFS_FOLDER_WATCH_H

#include <stdbool.h>

#include "migfs/folder/source.h"
#include "migfs/util/error.h"

struct disk_watch;

struct disk_watch *disk_watch_create(struct error *error);
void disk_watch_destroy(struct disk_watch *watch); /* takes NULL */

/* By which the scans of a source tell it what to watch. Good as long as the watch is. */
struct disk_hooks disk_watch_hooks(struct disk_watch *watch);

/* False when some directory of the last scan cannot be watched (no watches left): the caller then scans by the clock. The folders on the
 * way do not count: the way can be walked by the clock instead. */
bool disk_watch_is_whole(const struct disk_watch *watch);

/* The descriptor to wait on (readable: something happened). */
int disk_watch_descriptor(const struct disk_watch *watch);

/* Takes all waiting events. True when any may concern the source; an overflow always does. */
bool disk_watch_drain(struct disk_watch *watch);

#endif
