/* The form of the names that PostgreSQL gives to unnamed objects (makeObjectName() of PostgreSQL 15).
 * Pure. Any thread. */
#ifndef MIGFS_SCHEMA_OBJECT_NAME_H
#define MIGFS_SCHEMA_OBJECT_NAME_H

#include "migfs/util/arena.h"
#include "migfs/util/text.h"

enum { OBJECT_NAME_MAXIMUM = 63 }; /* bytes */

/* `first_middle_label`, of OBJECT_NAME_MAXIMUM bytes at most: the longer of `first` and `middle` is
 * cut first, at a character boundary. An empty `middle` or `label` is left out with its underscore.
 * A label is shorter than half of the maximum. */
struct text object_name(struct arena *arena, struct text first, struct text middle, struct text label);

/* The same in `ret_bytes`, without a NUL. */
struct text object_name_of(char ret_bytes[OBJECT_NAME_MAXIMUM], struct text first, struct text middle,
                           struct text label);

#endif
