/* Tables of a database that look like ledgers of Drizzle. Part of the join. */
#ifndef MIGFS_JOIN_LEDGERS_H
#define MIGFS_JOIN_LEDGERS_H

#include "migfs/join/effects.h"

/* Appends them to the ledgers of `database`, sorted by schema and name, without the configured
 * ledger. The list lives in the arena. */
void ledgers_find(struct arena *arena, const struct catalog *catalog, struct effects_database *database);

#endif
