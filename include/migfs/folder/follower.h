/* Walks the path to a source from time to time, on a thread of its own, since a filesystem on it
 * may hang. Reference-counted; the source's scans report their results to it. See
 * disk_source_follower(). */
#ifndef MIGFS_FOLDER_FOLLOWER_H
#define MIGFS_FOLDER_FOLLOWER_H

#include <stdbool.h>

struct disk_follower;

struct disk_follower *disk_follower_ref(struct disk_follower *follower);
void disk_follower_unref(struct disk_follower *follower); /* takes NULL */

/* Walks the path. True if, compared with the last scan, it leads to another folder, or passes other
 * folders, or folders with other permissions. Any thread; blocks as long as the filesystems do. */
bool disk_follower_has_moved(struct disk_follower *follower);

#endif
