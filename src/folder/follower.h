/* What a source reports to its follower. */
#ifndef FOLDER_FOLLOWER_H
#define FOLDER_FOLLOWER_H

#include "folder/way.h"
#include "migfs/folder/follower.h"

/* A follower of this path, with the result of the last walk. Returns NULL when memory has run
 * out. */
struct disk_follower *disk_follower_create(const char *path, const struct disk_arrival *arrival);

/* Records the result of a scan's walk. */
void disk_follower_learn(struct disk_follower *follower, const struct disk_arrival *arrival);

#endif
