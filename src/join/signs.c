/* What a stamp tells of a migration's name: drizzle-kit makes both in one second, and synthesis puts the tag's mark into the milliseconds. */
#include "join/signs.h"

#include <stdlib.h>
#include <time.h>

int64_t stamp_second(int64_t stamp) {
    return stamp / 1000 - (stamp % 1000 < 0);
}

int64_t stamp_milliseconds(int64_t stamp) {
    return stamp % 1000 < 0 ? stamp % 1000 + 1000 : stamp % 1000;
}

/* Names begin with the second in which drizzle-kit made the migration where it is told to: 20251005090321 in UTC, or 1759655001. */
bool name_second(const struct migration *it, int64_t *ret_second) {
    int64_t number;
    if (!text_to_int64(it->number, &number)) {
        return false;
    }
    if (it->number.length == 10) {
        *ret_second = number;
        return true;
    }
    struct tm time = {.tm_year = (int)(number / 10000000000 - 1900),
                      .tm_mon = (int)(number / 100000000 % 100 - 1),
                      .tm_mday = (int)(number / 1000000 % 100),
                      .tm_hour = (int)(number / 10000 % 100),
                      .tm_min = (int)(number / 100 % 100),
                      .tm_sec = (int)(number % 100)};
    *ret_second = timegm(&time);
    return it->number.length == 14;
}

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
    all.seconds[all.count++] = 0; /* from which the very first made stamp is counted */
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

bool stamp_may_be_made(int64_t stamp, const struct stamp_seconds *seconds) {
    int64_t before = stamp_second(stamp) - 1;
    return bsearch(&before, seconds->seconds, seconds->count, sizeof before, compare_seconds);
}

bool stamp_tells_name(int64_t stamp, const struct migration *it, const struct stamp_seconds *seconds) {
    int64_t second;
    return (name_second(it, &second) && second == stamp_second(stamp)) ||
           (stamp_milliseconds(stamp) == mark_of(it->tag) && stamp_may_be_made(stamp, seconds));
}
