/* Walks the way to a source now and then, on a thread of its own, since what lies on it may hang. Counted; the source's scans tell it what they
 * came to. See disk_source_follower(). */
#ifndef MIGFS_FOLDER_FOLLOWER_H
#define MIGFS_FOLDER_FOLLOWER_H

#include <stdbool.h>

struct disk_follower;

struct disk_follower *disk_follower_ref(struct disk_follower *follower);
void disk_follower_unref(struct disk_follower *follower); /* takes NULL */

/* Walks the way, and tells whether it leads to another folder, or past others, or past the same ones with other permissions than the last scan
 * found. Any thread; waits as the filesystems do. */
bool disk_follower_has_moved(struct disk_follower *follower);

#endif
