/* Makes the consistent journal: timestamps and order with which the real runner runs, in each
 * attached database, exactly the migrations that it lacks. Pure; the result lives in the arena and
 * points into the join. Any thread. */
#ifndef MIGFS_SYNTHESIS_SYNTHESIS_H
#define MIGFS_SYNTHESIS_SYNTHESIS_H

#include "migfs/synthesis/snapshots.h"

struct synthesis_options {
    enum idx_mode idx;
    enum stale_mode stale;
    const struct snapshots_reader *snapshots; /* NULL: none are made */
};

/* For the databases with these indices in the join: all of them for the main journal, one for a
 * database's own, none to use only the files and the journal on disk. */
struct synthesis *synthesize(struct arena *arena, const struct join *join, const size_t *databases,
                             size_t database_count, const struct synthesis_options *options);

#endif
