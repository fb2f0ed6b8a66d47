/* What renames or moves something. */
#ifndef MIGFS_SCHEMA_FOLD_CHANGE_H
#define MIGFS_SCHEMA_FOLD_CHANGE_H

#include "migfs/schema/facts.h"

/* Those that drop something, too. */
void fold_change(struct fold *fold, const struct effect *effect);

#endif
