/* Walks the way to a source now and then, on a thread of its own, since what lies on it may hang. Counted; the source's scans tell it what they
 * came to. */
#ifndef MIGFS_FOLDER_FOLLOWER_H
#define MIGFS_FOLDER_FOLLOWER_H

#include <stdbool.h>

#include "migfs/folder/source.h"
#include "migfs/util/error.h"

struct disk_follower;

/* Of this source, and of none but its first: made on the thread that scans. It may outlive the source. NULL when memory has run out. */
struct disk_follower *disk_follower_create(struct disk_source *source, struct error *error);
struct disk_follower *disk_follower_ref(struct disk_follower *follower);
void disk_follower_unref(struct disk_follower *follower); /* takes NULL */

/* Walks the way, and tells whether it leads to another folder, or past others, or past the same ones with other permissions than the last scan
 * found. Any thread; waits as the filesystems do. */
bool disk_follower_has_moved(struct disk_follower *follower);

#endif
