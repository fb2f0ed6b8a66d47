/* Judges each migration in each database: see migfs/join/effects.h. Pure; the result lives in the
 * arena and points into its inputs. One thread. */
#ifndef MIGFS_JOIN_EFFECTS_JOIN_H
#define MIGFS_JOIN_EFFECTS_JOIN_H

#include "migfs/join/effects.h"

struct effects_join *effects_join_create(struct arena *arena, const struct join *join,
                                         const struct effects_input *input);

#endif
