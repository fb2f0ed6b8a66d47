/* Blocks that handle duplicates. */
#ifndef MIGFS_SCHEMA_FOLD_TRY_H
#define MIGFS_SCHEMA_FOLD_TRY_H

#include "migfs/schema/facts.h"

/* `reader` is positioned after EFFECT_TRY. */
void fold_try_begin(struct fold *fold, struct protocol_reader reader);

/* A duplicate was found: undoes the block so far and skips the rest of it. */
void fold_try_undo(struct fold *fold);

#endif
