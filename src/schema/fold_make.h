/* Creates objects and sets attributes. */
#ifndef MIGFS_SCHEMA_FOLD_MAKE_H
#define MIGFS_SCHEMA_FOLD_MAKE_H

#include "migfs/schema/facts.h"

void fold_make(struct fold *fold, const struct effect *effect);

#endif
