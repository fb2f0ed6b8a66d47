/* What a timestamp may say about a migration's name, although ledgers have no names. Part of the
 * join. */
#ifndef MIGFS_JOIN_SIGNS_H
#define MIGFS_JOIN_SIGNS_H

#include "migfs/drizzle/stamp.h"
#include "migfs/join/joined.h"

/* All whole seconds with a timestamp of the journal or of any attached ledger, and 0. Generated
 * timestamps are based on these. */
struct stamp_seconds {
    int64_t *seconds; /* ascending */
    size_t count;
};

struct stamp_seconds stamp_seconds_of(struct arena *arena, const struct join *join);

/* Returns whether synthesis may have generated this timestamp with this mark: a known timestamp
 * lies in the second that it is based on. */
bool stamp_may_be_made(int64_t stamp, struct stamp_mark mark, const struct stamp_seconds *seconds);

/* Returns whether a row with this timestamp can be matched by the migration's name alone. */
bool stamp_tells_name(int64_t stamp, const struct migration *it, const struct stamp_seconds *seconds);

#endif
