/* The two sides of a file with the markers of an unfinished merge. Pure; lives in the arena. Any
 * thread. */
#ifndef MIGFS_DRIZZLE_SIDES_H
#define MIGFS_DRIZZLE_SIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/text.h"

struct side {
    struct text text;    /* NUL-terminated */
    const size_t *lines; /* for each of its lines, the line in the file, from 1 */
};

/* True for a marker line that git leaves in a file with an unfinished merge. */
bool sides_marker(struct text line);

/* Both sides, ours first; the base part of merge.conflictStyle=diff3 is in neither. False if the
 * markers are not in git's order. */
bool sides_split(struct arena *arena, struct text bytes, struct side ret_sides[2]);

#endif
