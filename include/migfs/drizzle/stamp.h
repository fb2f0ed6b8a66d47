/* Timestamps as the journal and the ledgers hold them, in milliseconds since the Unix epoch: their seconds, the second that a name begins
 * with, and the mark of a tag. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_STAMP_H
#define MIGFS_DRIZZLE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/util/text.h"

/* Timestamps are whole and below 2^53 either way, as JavaScript can count them. */
#define STAMP_LIMIT INT64_C(9007199254740992)

/* Those from here on, 2100-01-01, count as lying in the future. No clock is asked, so that the same inputs always say the same. */
#define STAMP_FUTURE INT64_C(4102444800000)

/* The whole second in which a timestamp lies, and its milliseconds in that, from 0 to 999. */
int64_t stamp_second(int64_t stamp);
int64_t stamp_milliseconds(int64_t stamp);

/* The second that the number of a tag is, where drizzle-kit was told to begin names with it: 20251005090321 in UTC, or 1759655001. */
bool stamp_second_of_number(struct text number, int64_t *ret_second);

/* By what a timestamp made for a tag is recognized: its milliseconds, from 1 to 999, and how many seconds, from 0 to 59, it leaves out
 * above the second of the timestamp from which it is counted. */
struct stamp_mark {
    int64_t milliseconds, seconds;
};

struct stamp_mark stamp_mark(struct text tag);

/* The mark above a timestamp: (floor(base / 1000) + 1 + seconds) * 1000 + milliseconds. */
int64_t stamp_marked(struct stamp_mark mark, int64_t base);

/* The second in which the timestamp lies that a marked one was counted from. */
int64_t stamp_base_second(struct stamp_mark mark, int64_t stamp);

#endif
