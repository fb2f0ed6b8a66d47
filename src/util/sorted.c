/* The one sort and the one binary search for arrays of indices ordered by a key. */
#include "migfs/util/sorted.h"

#include <stdlib.h>

struct sorting {
    sorted_compare *compare;
    const void *context;
};

static int compare_indices(const void *a, const void *b, void *context) {
    const struct sorting *sorting = context;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    int order = sorting->compare(sorting->context, left, right);
    return order != 0 ? order : (left > right) - (left < right);
}

void sorted_order(size_t *indices, size_t count, sorted_compare *compare, const void *context) {
    struct sorting sorting = {compare, context};
    if (count > 1) {
        qsort_r(indices, count, sizeof *indices, compare_indices, &sorting);
    }
}

size_t *sorted_all(struct arena *arena, size_t count, sorted_compare *compare, const void *context) {
    size_t *indices = arena_array(arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        indices[i] = i;
    }
    sorted_order(indices, count, compare, context);
    return indices;
}

size_t sorted_find(size_t count, bool (*lies_before)(const void *context, size_t position), const void *context) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lies_before(context, middle)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
