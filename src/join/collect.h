/* Makes the list of migrations from files and entries. Part of the join. */
#ifndef MIGFS_JOIN_COLLECT_H
#define MIGFS_JOIN_COLLECT_H

#include "migfs/join/joined.h"

/* Fills migrations, by_tag, entry_migration and aborting_entry; of each migration what files and journal say, and its standings, empty. */
void join_collect(struct arena *arena, struct join *join);

#endif
