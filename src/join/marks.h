/* Which migrations could claim a row by the mark in its timestamp. Part of the join. */
#ifndef MIGFS_JOIN_MARKS_H
#define MIGFS_JOIN_MARKS_H

#include "join/signs.h"

/* Marks of some migrations, by their milliseconds and seconds; those of equal marks are one. */
struct mark_claim {
    struct stamp_mark mark;
    size_t migration; /* the first with this mark */
    size_t count;     /* how many have it */
};

struct mark_claims {
    struct mark_claim *claims;
    size_t count;
};

/* Of the migrations whose indices are given. */
struct mark_claims mark_claims_of(struct arena *arena, const struct join *join, const size_t *migrations, size_t count);

/* How many of them could claim a row with this timestamp, since a timestamp of the second from which a marked one is counted is known;
 * *ret_migration is the first. */
size_t mark_claimants(const struct mark_claims *claims, int64_t stamp, const struct stamp_seconds *seconds,
                      size_t *ret_migration);

#endif
