/* Puts the entries of the consistent journal into the order in which the runner must run them, by
 * windows and numbers, without timestamps. Part of synthesis. */
#ifndef MIGFS_SYNTHESIS_ORDER_H
#define MIGFS_SYNTHESIS_ORDER_H

#include "migfs/synthesis/plan.h"

/* Entries with their windows. */
struct synthesis_list {
    struct synthesis_entry *entries;
    size_t count;
};

/* `listed` is in the journal's order, `unlisted` in file order. `with_databases`: the windows come
 * from ledgers. */
struct synthesis_list synthesis_order(struct arena *arena, const struct join *join, struct synthesis_list listed,
                                      struct synthesis_list unlisted, bool with_databases);

#endif
