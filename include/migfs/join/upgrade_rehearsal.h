/* Rehearses the upgrade to drizzle v1. Pure; lives in the arena and points into the join. Any
 * thread. */
#ifndef MIGFS_JOIN_UPGRADE_REHEARSAL_H
#define MIGFS_JOIN_UPGRADE_REHEARSAL_H

#include "migfs/join/effects.h"
#include "migfs/join/upgrade.h"

/* Returns NULL if the folder does not exist or has no 0.x migration, so that there is nothing to
 * upgrade. `effects` may be NULL: then existing objects are not known. */
struct upgrade *upgrade_rehearse(struct arena *arena, const struct join *join, const struct effects_join *effects);

#endif
