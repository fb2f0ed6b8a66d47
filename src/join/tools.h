/* Other tools' ledgers: finds tables of a database that name migrations of this folder. Part of the
 * join. */
#ifndef MIGFS_JOIN_TOOLS_H
#define MIGFS_JOIN_TOOLS_H

#include "migfs/join/effects.h"

/* Appends the tables to the ledgers of `database`, and sets its `is_named`. The list lives in the
 * arena. */
void tools_find(struct arena *arena, const struct join *join, const struct catalog *catalog,
                struct effects_database *database);

#endif
