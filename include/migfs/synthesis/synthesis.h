/* Makes the consistent journal: the timestamps and order by which the real runner runs, in each attached database, exactly what that one
 * lacks. Pure; what it returns lives in the arena and points into the join. Any thread. */
#ifndef MIGFS_SYNTHESIS_SYNTHESIS_H
#define MIGFS_SYNTHESIS_SYNTHESIS_H

#include "migfs/synthesis/snapshots.h"

struct synthesis_options {
    enum idx_mode idx;
    enum stale_mode stale;
    const struct snapshots_reader *snapshots; /* NULL: none are made */
};

/* For the databases of the join whose indices are given (all of them for the main journal, one for a database's own, none to
 * go by disk and journal alone). */
struct synthesis *synthesize(struct arena *arena, const struct join *join, const size_t *databases,
                             size_t database_count, const struct synthesis_options *options);

#endif
