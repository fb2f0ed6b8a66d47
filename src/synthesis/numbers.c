/* An idx is kept as long as the sequence rises. drizzle-kit numbers the next file by the last idx
 * plus 1, and overwrites an existing snapshot with that number. */
#include "synthesis/numbers.h"

#include <inttypes.h>

/* In drizzle-kit's index mode, prefixes count from 0000. Longer ones are dates or seconds, not
 * idx. */
enum { LONGEST_INDEX = 4 };

/* The number in the name, if it can be an idx. */
static bool idx_in_name(const struct migration *it, int64_t *ret_idx) {
    return it->number.length > 0 && it->number.length <= LONGEST_INDEX && text_to_int64(it->number, ret_idx);
}

static bool own_idx(const struct migration *it, int64_t *ret_idx) {
    if (!it->entry || !it->entry->idx.is_valid) {
        return false;
    }
    *ret_idx = it->entry->idx.number;
    return true;
}

static bool has_snapshot(struct arena *arena, const struct join *join, int64_t number) {
    struct text path = text_format(arena, "meta/%04" PRId64 "_snapshot.json", number);
    return disk_find(join->disk, path) != NULL;
}

/* Raises the last idx so that the next file that drizzle-kit generates does not overwrite a
 * snapshot. */
static void pass_snapshots(struct arena *arena, const struct join *join, struct synthesis_entry *last) {
    int64_t idx = last->idx, own;
    while (idx < INT64_MAX - 1 && has_snapshot(arena, join, idx + 1)) {
        idx++;
    }
    if (idx != last->idx) {
        last->idx = idx;
        last->is_idx_new = !own_idx(&join->migrations[last->migration], &own) || own != idx;
    }
}

void synthesis_choose_numbers(struct arena *arena, const struct join *join, struct synthesis_list list,
                              enum idx_mode mode) {
    /* The smallest idx on disk at or after each entry, from the end. A new idx should stay below
     * it. */
    int64_t *following = arena_array(arena, int64_t, list.count + 1);
    following[list.count] = INT64_MAX;
    for (size_t i = list.count; i-- > 0;) {
        int64_t idx;
        bool has_own = own_idx(&join->migrations[list.entries[i].migration], &idx);
        following[i] = has_own && idx < following[i + 1] ? idx : following[i + 1];
    }
    int64_t previous = -1;
    for (size_t i = 0; i < list.count; i++) {
        struct synthesis_entry *entry = &list.entries[i];
        const struct migration *it = &join->migrations[entry->migration];
        int64_t own = -1, named;
        bool has_own = own_idx(it, &own);
        entry->idx = previous + 1;
        if (mode == IDX_PREFIX && has_own && own > previous) {
            entry->idx = own;
        } else if (mode == IDX_PREFIX && !has_own && idx_in_name(it, &named) && named > previous &&
                   named < following[i + 1]) {
            entry->idx = named;
        }
        entry->is_idx_new = !has_own || entry->idx != own;
        previous = entry->idx;
    }
    if (mode == IDX_PREFIX && list.count > 0) {
        pass_snapshots(arena, join, &list.entries[list.count - 1]);
    }
}
