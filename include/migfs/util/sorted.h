/* Sorts indices by a key, and searches sorted arrays. Records that qsort(3) itself has sorted may be
 * searched by bsearch(3) with the same comparison. Pure; any thread. */
#ifndef MIGFS_UTIL_SORTED_H
#define MIGFS_UTIL_SORTED_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/arena.h"

/* How the elements at two indices compare, as for qsort(3). */
typedef int sorted_compare(const void *context, size_t a, size_t b);

/* Sorts the indices by their elements; equal elements by index. */
void sorted_order(size_t *indices, size_t count, sorted_compare *compare, const void *context);

/* The indices 0 to count - 1, sorted in the same way. */
size_t *sorted_all(struct arena *arena, size_t count, sorted_compare *compare, const void *context);

/* The first position that is not less than the one sought; `count` if there is none. */
size_t sorted_find(size_t count, bool (*lies_before)(const void *context, size_t position), const void *context);

#endif
