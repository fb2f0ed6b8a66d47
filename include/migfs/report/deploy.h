/* What the next deploy does in one database, in the order in which it runs: by the journal on disk, or by the consistent one. Pure; lives in the
 * arena. Any thread. */
#ifndef MIGFS_REPORT_DEPLOY_H
#define MIGFS_REPORT_DEPLOY_H

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/synthesis/plan.h"

struct deploy {
    struct text
        obstacle; /* why it runs nothing although there may be something to run; empty: nothing stands in the way */
    const struct migration **runs;
    size_t count;
    const struct migration **leaves_out; /* in the order of the files: what has no row and gets none */
    size_t left_out_count;
    struct effects_failure failure; /* where PostgreSQL refuses one of `runs`, so that nothing of them stays */
};

/* By both journals; all zero for a database whose ledger could not be read. */
struct deploys {
    struct deploy disk, here;
};

/* [join->database_count]. `own` are the journals of each database alone, for while that for all is refused; `effects` may be NULL, and then no
 * failure is known. */
const struct deploys *deploy_all(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                                 const struct synthesis *const *own, const struct effects_join *effects);

/* The ledger must have been read. `failure` is not looked for. */
struct deploy deploy_from_disk(struct arena *arena, const struct join *join, size_t database);

/* By a consistent journal: the one for all databases or, while that is refused, the database's own. */
struct deploy deploy_from_here(struct arena *arena, const struct join *join, const struct synthesis *by,
                               size_t database);

bool deploy_fails(const struct deploy *deploy);

bool deploy_equal(const struct deploy *a, const struct deploy *b);

#endif
