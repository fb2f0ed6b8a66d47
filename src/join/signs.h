/* What a timestamp may tell of a migration's name, though a ledger holds none. Part of the join. */
#ifndef MIGFS_JOIN_SIGNS_H
#define MIGFS_JOIN_SIGNS_H

#include "migfs/drizzle/stamp.h"
#include "migfs/join/joined.h"

/* All whole seconds in which a timestamp of the journal or of any attached ledger lies, and 0: what made timestamps follow. */
struct stamp_seconds {
    int64_t *seconds; /* rising */
    size_t count;
};

struct stamp_seconds stamp_seconds_of(struct arena *arena, const struct join *join);

/* True when a timestamp with this mark could be one of our making: that from which it is counted lies in a second that is known. */
bool stamp_may_be_made(int64_t stamp, struct stamp_mark mark, const struct stamp_seconds *seconds);

/* True when the migration's name is enough to tell that a row with this timestamp is its own. */
bool stamp_tells_name(int64_t stamp, const struct migration *it, const struct stamp_seconds *seconds);

#endif
