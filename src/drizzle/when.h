/* What the runner and PostgreSQL make of an entry's `when`, which may be any JSON value. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_WHEN_H
#define MIGFS_DRIZZLE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/json/text.h"
#include "migfs/util/text.h"

/* All take a value that json_check() has accepted, or an empty text for one that is not there. */

/* The number with which JavaScript's `<` compares the value, NaN when it compares with nothing. Source: ECMA-262, ToPrimitive and
 * StringToNumber. Lists of one that lie more than eight deep count as no number. */
double when_number(struct arena *arena, struct text when);

/* True when the value is a timestamp to all who read it: a whole number within STAMP_LIMIT, or a string that both the runner and
 * PostgreSQL's bigint take for one. */
bool when_is_stamp(struct arena *arena, struct text value, int64_t *ret_stamp);

/* True when PostgreSQL takes the value for a created_at: null, or digits as JavaScript writes them. */
bool when_can_be_recorded(struct arena *arena, struct text when);

/* JavaScript's Number() of a string's characters (UTF-8). */
double when_string_number(struct text characters);

#endif
