/* Judges each migration in each database: see migfs/join/effects.h. Pure; what it returns lives in the arena and points into what it was made
 * from. One thread. */
#ifndef MIGFS_JOIN_EFFECTS_JOIN_H
#define MIGFS_JOIN_EFFECTS_JOIN_H

#include "migfs/join/effects.h"

struct effects_join *effects_join_create(struct arena *arena, const struct join *join,
                                         const struct effects_input *input);

#endif
