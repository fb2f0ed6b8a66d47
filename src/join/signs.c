/* What a timestamp says about a migration's name: drizzle-kit makes both in the same second, and
 * synthesis puts the tag's mark into the milliseconds. */
#include "join/signs.h"

#include <stdlib.h>

static int compare_seconds(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

struct stamp_seconds stamp_seconds_of(struct arena *arena, const struct join *join) {
    size_t capacity = join->journal->count + 1;
    for (size_t i = 0; i < join->database_count; i++) {
        capacity += join->databases[i].ledger->count;
    }
    struct stamp_seconds all = {.seconds = arena_array(arena, int64_t, capacity)};
    all.seconds[all.count++] = 0; /* the base of the very first generated timestamp */
    for (size_t i = 0; i < join->journal->count; i++) {
        if (join->journal->entries[i].when.is_valid) {
            all.seconds[all.count++] = stamp_second(join->journal->entries[i].when.number);
        }
    }
    for (size_t i = 0; i < join->database_count; i++) {
        const struct ledger *ledger = join->databases[i].ledger;
        for (size_t row = 0; row < ledger->count; row++) {
            if (ledger->rows[row].has_created_at) {
                all.seconds[all.count++] = stamp_second(ledger->rows[row].created_at);
            }
        }
    }
    qsort(all.seconds, all.count, sizeof *all.seconds, compare_seconds);
    return all;
}

bool stamp_may_be_made(int64_t stamp, struct stamp_mark mark, const struct stamp_seconds *seconds) {
    int64_t base = stamp_base_second(mark, stamp);
    return stamp_milliseconds(stamp) == mark.milliseconds &&
           bsearch(&base, seconds->seconds, seconds->count, sizeof base, compare_seconds);
}

bool stamp_tells_name(int64_t stamp, const struct migration *it, const struct stamp_seconds *seconds) {
    int64_t second;
    return (stamp_second_of_number(it->number, &second) && second == stamp_second(stamp)) ||
           stamp_may_be_made(stamp, stamp_mark(it->tag), seconds);
}
