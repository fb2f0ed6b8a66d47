/* Renames and moves objects. */
#ifndef MIGFS_SCHEMA_FOLD_CHANGE_H
#define MIGFS_SCHEMA_FOLD_CHANGE_H

#include "migfs/schema/facts.h"

/* Also applies the effects that drop something. */
void fold_change(struct fold *fold, const struct effect *effect);

#endif
