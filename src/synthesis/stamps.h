/* Chooses the timestamps of the consistent journal, each within its window. Part of synthesis. */
#ifndef MIGFS_SYNTHESIS_STAMPS_H
#define MIGFS_SYNTHESIS_STAMPS_H

#include "synthesis/order.h"

/* Fills `when`, `is_when_new` and `is_made` of the entries, which must have their windows and their
 * order, for these databases (indices in the join). */
void synthesis_choose_stamps(struct arena *arena, const struct join *join, const size_t *databases,
                             size_t database_count, struct synthesis_list list);

#endif
