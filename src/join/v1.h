/* Joins a folder of drizzle v1, which has no journal and uses names instead of timestamps. Part of
 * the join. */
#ifndef MIGFS_JOIN_V1_H
#define MIGFS_JOIN_V1_H

#include "migfs/join/joined.h"

/* Sets the migrations with their states, the databases with their rows, and the items in v1's
 * order. Disk, journal, rules and the databases' ledgers must be set. */
void join_v1(struct arena *arena, struct join *join);

#endif
