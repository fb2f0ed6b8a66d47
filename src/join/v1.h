/* The join of a folder of drizzle v1: no journal, names instead of timestamps. Part of the join. */
#ifndef MIGFS_JOIN_V1_H
#define MIGFS_JOIN_V1_H

#include "migfs/join/joined.h"

/* Fills the join: migrations with their states, databases with their rows, and v1's order. Disk, journal, rules and the databases' ledgers
 * are set. */
void join_v1(struct arena *arena, struct join *join);

#endif
