/* Adds a migration's effects to those of the migrations before it. Belongs to the thread of the
 * fold's arena. */
#ifndef MIGFS_SCHEMA_FOLD_H
#define MIGFS_SCHEMA_FOLD_H

#include "migfs/schema/facts.h"

/* Applies a migration's effects. In a complete fold it stops at the first failure and records it in
 * `failure`; in any fold it stops at the limit of fold_goes_on(). */
void fold_apply(struct fold *fold, const struct effects *effects, uint32_t writer, bool has_row);

#endif
