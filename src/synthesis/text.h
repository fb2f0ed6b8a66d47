/* Writes the consistent journal: the bytes on disk where they say the same, else those bytes with only what must change changed, in
 * the form drizzle-kit writes. Part of synthesis. */
#ifndef MIGFS_SYNTHESIS_TEXT_H
#define MIGFS_SYNTHESIS_TEXT_H

#include "migfs/synthesis/plan.h"

/* Fills `bytes` and `is_identical` from the entries. */
void synthesis_write(struct arena *arena, const struct join *join, struct synthesis *synthesis);

#endif
