/* A made snapshot beside a database that is as it says, or is not: the newest one of which all migrations have run there, and none behind
 * them. Only what exists is compared: tables, columns, whether a column may be null, the values of enums. Texts never are, since a server
 * spells them in its own way. Pure; any thread. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_WITNESS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_WITNESS_H

#include "migfs/join/effects.h"
#include "migfs/synthesis/snapshots.h"

/* Sets `differs` and `confirmed` of the made ones. `catalogs` are those of the join's databases; NULL: not read. */
void snapshot_witness_ask(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                          const struct effects_join *effects, struct catalog *const *catalogs,
                          struct snapshots *snapshots);

#endif
