/* Finds the migrations that may own a row because of the mark in its timestamp. Part of the
 * join. */
#ifndef MIGFS_JOIN_MARKS_H
#define MIGFS_JOIN_MARKS_H

#include "join/signs.h"

/* A mark of some migrations, sorted by milliseconds and seconds. Migrations with equal marks share
 * one. */
struct mark_claim {
    struct stamp_mark mark;
    const size_t *migrations; /* those with this mark, in the order given */
    size_t count;
    size_t ruled, ruled_count; /* one of those that have run according to a rule, and their number */
    bool is_contested;         /* already processed by mark_contest() */
};

struct mark_claims {
    struct mark_claim *claims;
    size_t count;
};

/* The migrations that may own a row. */
struct mark_claimants {
    size_t first, count;
    size_t ruled, ruled_count; /* the same for those that have run according to a rule */
};

/* Collects the marks of the given migrations. `has_rule` returns whether a rule says that a
 * migration has run in this database. */
struct mark_claims mark_claims_of(struct arena *arena, const struct join *join, const size_t *migrations, size_t count,
                                  bool (*has_rule)(const void *context, size_t migration), const void *context);

/* Returns those that may own a row with this timestamp, namely those for which a known timestamp
 * lies in the second that the mark is based on. */
struct mark_claimants mark_claimants(const struct mark_claims *claims, int64_t stamp,
                                     const struct stamp_seconds *seconds);

/* Sets `is_claimant` in this database for each of them that may own such a row. */
void mark_contest(const struct mark_claims *claims, int64_t stamp, const struct stamp_seconds *seconds,
                  const struct join *join, size_t database);

#endif
