/* The state of each migration in each database and overall, once its rows are known. Part of the join. */
#ifndef MIGFS_JOIN_STATE_H
#define MIGFS_JOIN_STATE_H

#include "migfs/join/joined.h"

/* Fills the states of all migrations and standings, and `failing` of each database. */
void join_find_states(struct arena *arena, struct join *join);

#endif
