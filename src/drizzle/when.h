/* How the runner and PostgreSQL interpret an entry's `when`, which may be any JSON value. Pure; any
 * thread. */
#ifndef MIGFS_DRIZZLE_WHEN_H
#define MIGFS_DRIZZLE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/json/text.h"
#include "migfs/util/text.h"

/* All take a value that json_check() has accepted, or an empty text for a missing one. */

/* The number with which JavaScript's `<` compares the value; NaN if it compares with nothing.
 * Source: ECMA-262, ToPrimitive and StringToNumber. Arrays of one nested more than eight deep count
 * as NaN. */
double when_number(struct arena *arena, struct text when);

/* True if every reader takes the value for the same timestamp: an integer within STAMP_LIMIT, or a
 * string that both the runner and PostgreSQL's bigint convert to one. */
bool when_is_stamp(struct arena *arena, struct text value, int64_t *ret_stamp);

/* True if PostgreSQL accepts the value as created_at: null, or digits as JavaScript prints them. */
bool when_can_be_recorded(struct arena *arena, struct text when);

/* JavaScript's Number() of a string's characters (UTF-8). */
double when_string_number(struct text characters);

#endif
