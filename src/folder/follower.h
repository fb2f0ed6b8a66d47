/* What the source tells its follower. */
#ifndef FOLDER_FOLLOWER_H
#define FOLDER_FOLLOWER_H

#include "folder/way.h"
#include "migfs/folder/follower.h"

/* Of the way along this path, which came to that last. NULL when memory has run out. */
struct disk_follower *disk_follower_create(const char *path, const struct disk_arrival *arrival);

/* What a scan came to. */
void disk_follower_learn(struct disk_follower *follower, const struct disk_arrival *arrival);

#endif
