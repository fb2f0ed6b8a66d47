/* Adds a migration to what those before it came to. Belongs to the thread of the fold's arena. */
#ifndef MIGFS_SCHEMA_FOLD_H
#define MIGFS_SCHEMA_FOLD_H

#include "migfs/schema/facts.h"

/* Carries out a migration's effects. In a complete fold it ends at the first failure, which stands in `failure`; in any where too many facts
 * would be looked at, see fold_goes_on(). */
void fold_apply(struct fold *fold, const struct effects *effects, uint32_t writer, bool has_row);

#endif
