/* Collects the migrations from files and entries. Part of the join. */
#ifndef MIGFS_JOIN_COLLECT_H
#define MIGFS_JOIN_COLLECT_H

#include "migfs/join/joined.h"

/* Sets migrations, by_tag, entry_migration and aborting_entry; in each migration, the data from
 * files and journal, and empty standings. */
void join_collect(struct arena *arena, struct join *join);

#endif
