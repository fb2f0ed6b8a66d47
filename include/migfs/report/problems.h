/* Finds everything that does not agree and puts it into the order in which it is shown. Pure; lives in the arena. Any thread. */
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
    struct problem
        *problems; /* by severity, then by file order, then by code; those that a rule ignores after all others */
    size_t count;  /* without the ignored */
    size_t ignored_count;
    size_t by_severity[SEVERITY_COUNT]; /* likewise */
};

/* `base` and `effects` may be NULL: nothing to compare with; nothing known of what the SQL does. `deploys` is for what `effects` are. */
struct problems *problems_find(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                               const struct report_base *base, const struct effects_join *effects,
                               const struct deploys *deploys);

#endif
