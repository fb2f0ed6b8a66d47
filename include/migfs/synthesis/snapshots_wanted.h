/* Finds the snapshots that a folder lacks and has them made. Pure except for the reader; the result
 * lives in the arena. Any thread. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOTS_WANTED_H
#define MIGFS_SYNTHESIS_SNAPSHOTS_WANTED_H

#include "migfs/synthesis/snapshots.h"

/* Never NULL. */
struct snapshots *snapshots_of(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                               const struct snapshots_reader *reader);

#endif
