/* Timestamps of the journal and the ledgers, in milliseconds since the Unix epoch: their seconds,
 * the second at the start of a name, and the mark of a tag. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_STAMP_H
#define MIGFS_DRIZZLE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/util/text.h"

/* Timestamps are integers with absolute value below 2^53, which JavaScript represents exactly. */
#define STAMP_LIMIT INT64_C(9007199254740992)

/* 2100-01-01: timestamps from here on count as in the future. No clock is read, so the same inputs
 * always give the same result. */
#define STAMP_FUTURE INT64_C(4102444800000)

/* The whole second of a timestamp, and its milliseconds in it, from 0 to 999. */
int64_t stamp_second(int64_t stamp);
int64_t stamp_milliseconds(int64_t stamp);

/* The second encoded in the number of a tag, if drizzle-kit was configured to prefix names with it:
 * 20251005090321 in UTC, or 1759655001. */
bool stamp_second_of_number(struct text number, int64_t *ret_second);

/* Identifies a timestamp made for a tag: its milliseconds, from 1 to 999, and the number of
 * seconds, from 0 to 59, skipped above the second of the base timestamp. */
struct stamp_mark {
    int64_t milliseconds, seconds;
};

struct stamp_mark stamp_mark(struct text tag);

/* The timestamp with the mark above `base`: (floor(base / 1000) + 1 + seconds) * 1000 +
 * milliseconds. */
int64_t stamp_marked(struct stamp_mark mark, int64_t base);

/* The second of the base from which a marked timestamp was counted. */
int64_t stamp_base_second(struct stamp_mark mark, int64_t stamp);

#endif
