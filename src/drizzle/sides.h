/* A file with the markers of an unfinished merge, as either side has it. Pure; lives in the arena. Any thread. */
#ifndef MIGFS_DRIZZLE_SIDES_H
#define MIGFS_DRIZZLE_SIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/text.h"

struct side {
    struct text text;    /* NUL-terminated */
    const size_t *lines; /* for each of its lines the one of the file it is, from 1 */
};

/* True for a line that git leaves in a file whose merge was not finished. */
bool sides_marker(struct text line);

/* Both sides, ours first; what merge.conflictStyle=diff3 shows of the base is in neither. False when the markers do not come in the order
 * in which git writes them. */
bool sides_split(struct arena *arena, struct text bytes, struct side ret_sides[2]);

#endif
