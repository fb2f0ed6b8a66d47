/* What the next deploy does in one database, in run order: by the journal on disk, or by the
 * consistent one. Pure; lives in the arena. Any thread. */
#ifndef MIGFS_REPORT_DEPLOY_H
#define MIGFS_REPORT_DEPLOY_H

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/synthesis/plan.h"

struct deploy {
    /* why nothing runs although migrations may be pending; empty: no obstacle */
    struct text obstacle;
    const struct migration **runs;
    size_t count;
    const struct migration **leaves_out; /* in file order: have no row and get none */
    size_t left_out_count;
    struct effects_failure failure; /* the error that aborts `runs` and rolls all of it back */
};

/* The deploys by both journals; all zero for a database whose ledger could not be read. */
struct deploys {
    struct deploy disk, here;
};

/* [join->database_count]. `own` holds each database's own journal, used while the journal for all
 * databases is refused. `effects` may be NULL; then no failure is known. */
const struct deploys *deploy_all(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                                 const struct synthesis *const *own, const struct effects_join *effects);

/* The ledger must have been read. `failure` is not set. */
struct deploy deploy_from_disk(struct arena *arena, const struct join *join, size_t database);

/* By a consistent journal: the one for all databases or, while that is refused, the database's
 * own. */
struct deploy deploy_from_here(struct arena *arena, const struct join *join, const struct synthesis *by,
                               size_t database);

bool deploy_fails(const struct deploy *deploy);

bool deploy_equal(const struct deploy *a, const struct deploy *b);

#endif
