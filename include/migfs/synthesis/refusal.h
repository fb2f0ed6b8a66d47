/* The reasons why there is no consistent journal. Pure; any thread. */
#ifndef MIGFS_SYNTHESIS_REFUSAL_H
#define MIGFS_SYNTHESIS_REFUSAL_H

#include "migfs/synthesis/plan.h"

/* The reason, known before any window is computed, why these databases (indices in the join) cannot
 * have a journal, or REFUSAL_NONE. Sets the plan's `database` or `migration` if the reason is about
 * one. */
enum refusal synthesis_find_refusal(const struct join *join, const size_t *databases, size_t count,
                                    enum stale_mode stale, struct synthesis *plan);

/* One sentence: why the journal is refused and what to do. */
struct text synthesis_refusal(struct arena *arena, const struct join *join, const struct synthesis *synthesis);

#endif
