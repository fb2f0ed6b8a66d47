/* Tables of a database that look like a ledger of Drizzle's. Part of the join. */
#ifndef MIGFS_JOIN_LEDGERS_H
#define MIGFS_JOIN_LEDGERS_H

#include "migfs/join/effects.h"

/* Appends them to those of `database`, sorted by schema and name, without the ledger that was asked for; what is listed lives in the
 * arena. */
void ledgers_find(struct arena *arena, const struct catalog *catalog, struct effects_database *database);

#endif
