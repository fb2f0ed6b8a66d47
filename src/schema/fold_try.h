/* Blocks that handle duplicates. */
#ifndef MIGFS_SCHEMA_FOLD_TRY_H
#define MIGFS_SCHEMA_FOLD_TRY_H

#include "migfs/schema/facts.h"

/* The block begins with what `reader` reads next. */
void fold_try_begin(struct fold *fold, struct protocol_reader reader);

/* A duplicate was met, so all that the block has done is undone and the rest is not done. */
void fold_try_undo(struct fold *fold);

#endif
