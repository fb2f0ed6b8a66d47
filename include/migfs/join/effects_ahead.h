/* Predicts where a run would fail. Pure; any thread. */
#ifndef MIGFS_JOIN_EFFECTS_AHEAD_H
#define MIGFS_JOIN_EFFECTS_AHEAD_H

#include "migfs/join/effects.h"

/* Predicts the result of running these migrations in this order, in the database as its catalogs
 * show it. The result lives in the arena; each call copies the catalogs there. */
struct effects_failure effects_ahead(struct arena *arena, const struct effects_join *effects, size_t database,
                                     const struct migration *const *runs, size_t count);

#endif
