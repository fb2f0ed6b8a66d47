/* Compares made snapshots with databases: for each database, the newest made snapshot whose
 * migrations have all run there and no later ones. Compares only what exists: tables, columns,
 * nullability, enum values. Texts are not compared, since each server normalizes them. Pure; any
 * thread. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_WITNESS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_WITNESS_H

#include "migfs/join/effects.h"
#include "migfs/synthesis/snapshots.h"

/* Sets `differs` and `confirmed` of the made snapshots. `catalogs` are those of the join's
 * databases; NULL: not read. */
void snapshot_witness_ask(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                          const struct effects_join *effects, struct catalog *const *catalogs,
                          struct snapshots *snapshots);

#endif
