/* What the source tells its follower. */
#ifndef FOLDER_FOLLOWER_H
#define FOLDER_FOLLOWER_H

#include "folder/way.h"
#include "migfs/folder/follower.h"

/* What a scan came to. */
void disk_follower_learn(struct disk_follower *follower, const struct disk_arrival *arrival);

#endif
