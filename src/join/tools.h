/* Other tools' ledgers: which tables of a database name migrations of this folder, and which. Part of the join. */
#ifndef MIGFS_JOIN_TOOLS_H
#define MIGFS_JOIN_TOOLS_H

#include "migfs/join/effects.h"

/* Appends the tables to those of `database`, and sets its `is_named`; what is listed lives in the arena. */
void tools_find(struct arena *arena, const struct join *join, const struct catalog *catalog,
                struct effects_database *database);

#endif
