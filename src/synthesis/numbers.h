/* Chooses the idx of each entry of the consistent journal. Part of synthesis. */
#ifndef MIGFS_SYNTHESIS_NUMBERS_H
#define MIGFS_SYNTHESIS_NUMBERS_H

#include "synthesis/order.h"

/* Fills `idx` and `is_idx_new` of the entries, which must be in their final order. */
void synthesis_choose_numbers(struct arena *arena, const struct join *join, struct synthesis_list list,
                              enum idx_mode mode);

#endif
