/* Reasons for which there is no consistent journal. Pure; any thread. */
#ifndef MIGFS_SYNTHESIS_REFUSAL_H
#define MIGFS_SYNTHESIS_REFUSAL_H

#include "migfs/synthesis/plan.h"

/* What is known before any window is: REFUSAL_NONE, or why these databases (indices in the join) can have no journal; then the plan's
 * `database` or `migration` is set where the reason speaks of one. */
enum refusal synthesis_find_refusal(const struct join *join, const size_t *databases, size_t count,
                                    enum stale_mode stale, struct synthesis *plan);

/* One sentence: why the journal is refused and what to do. */
struct text synthesis_refusal(struct arena *arena, const struct join *join, const struct synthesis *synthesis);

#endif
