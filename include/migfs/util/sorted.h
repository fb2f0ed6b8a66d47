/* Sorts indices by a key and finds places in what is sorted. Pure; any thread. */
#ifndef MIGFS_UTIL_SORTED_H
#define MIGFS_UTIL_SORTED_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/arena.h"

/* How the elements at two indices compare, as for qsort(3). */
typedef int sorted_compare(const void *context, size_t a, size_t b);

/* Sorts the indices by what they stand for; those that compare equal by themselves. */
void sorted_order(size_t *indices, size_t count, sorted_compare *compare, const void *context);

/* The indices from 0 to count - 1, sorted likewise. */
size_t *sorted_all(struct arena *arena, size_t count, sorted_compare *compare, const void *context);

/* The first position that does not lie before what is sought, `count` when all do. */
size_t sorted_find(size_t count, bool (*lies_before)(const void *context, size_t position), const void *context);

#endif
