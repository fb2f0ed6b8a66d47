/* Writes the consistent journal: the bytes on disk if they already say the same, otherwise with
 * only the necessary changes, in drizzle-kit's format. Part of synthesis. */
#ifndef MIGFS_SYNTHESIS_TEXT_H
#define MIGFS_SYNTHESIS_TEXT_H

#include "migfs/synthesis/plan.h"

/* Fills `bytes` and `is_identical` from the entries. */
void synthesis_write(struct arena *arena, const struct join *join, struct synthesis *synthesis);

#endif
