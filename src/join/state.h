/* Computes the state of each migration in each database and overall, after matching rows. Part of
 * the join. */
#ifndef MIGFS_JOIN_STATE_H
#define MIGFS_JOIN_STATE_H

#include "migfs/join/joined.h"

/* Sets the states of all migrations and standings, and `failing` of each database. */
void join_find_states(struct arena *arena, struct join *join);

/* Sets `failing` of one database, after matching its rows. */
void join_find_failing(struct join *join, size_t database);

#endif
