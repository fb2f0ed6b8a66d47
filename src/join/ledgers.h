/* Tables of a database that have the columns of a ledger. Part of the join. */
#ifndef MIGFS_JOIN_LEDGERS_H
#define MIGFS_JOIN_LEDGERS_H

#include "migfs/join/effects.h"

/* Lists them in `database`, sorted by schema and name; what is listed lives in the arena. */
void ledgers_find(struct arena *arena, const struct catalog *catalog, struct effects_database *database);

#endif
