/* Missing snapshots before a later one. `drizzle-kit generate` does not need them, but `drizzle-kit
 * up` does. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_GAPS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_GAPS_H

#include "migfs/synthesis/snapshots.h"

/* Sets the gaps of `snapshots`. `is_missing` says for each entry of the synthesis whether its
 * snapshot is missing before a later one; `room` as for snapshots_make(). */
void snapshot_gaps_make(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                        const bool *is_missing, const struct snapshots_reader *reader, size_t *room,
                        struct snapshots *snapshots);

#endif
