/* Finds all problems and sorts them into the order in which they are shown. Pure; lives in the
 * arena. Any thread. */
#ifndef MIGFS_REPORT_PROBLEMS_H
#define MIGFS_REPORT_PROBLEMS_H

#include <stddef.h>

#include "migfs/join/effects.h"
#include "migfs/join/joined.h"
#include "migfs/report/base.h"
#include "migfs/report/deploy.h"
#include "migfs/report/problem.h"
#include "migfs/synthesis/plan.h"

struct problems {
    /* by severity, then in file order, then by code; ignored ones come last */
    struct problem *problems;
    size_t count; /* without the ignored */
    size_t ignored_count;
    size_t by_severity[SEVERITY_COUNT]; /* likewise */
};

/* `base` may be NULL: nothing to compare with. `effects` may be NULL: the effects of the SQL are
 * not known. `deploys` must have been made with the same `effects`. */
struct problems *problems_find(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                               const struct report_base *base, const struct effects_join *effects,
                               const struct deploys *deploys);

#endif
