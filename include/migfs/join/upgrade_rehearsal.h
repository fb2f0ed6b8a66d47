/* Rehearses the upgrade to drizzle v1. Pure; lives in the arena and points into the join. Any thread. */
#ifndef MIGFS_JOIN_UPGRADE_REHEARSAL_H
#define MIGFS_JOIN_UPGRADE_REHEARSAL_H

#include "migfs/join/effects.h"
#include "migfs/join/upgrade.h"

/* NULL where the folder is not there or holds no migration of 0.x: nothing is to be upgraded. `effects` may be NULL: then it is not known what is
 * there already. */
struct upgrade *upgrade_rehearse(struct arena *arena, const struct join *join, const struct effects_join *effects);

#endif
