/* Drops objects. */
#ifndef MIGFS_SCHEMA_FOLD_DROP_H
#define MIGFS_SCHEMA_FOLD_DROP_H

#include "migfs/schema/facts.h"

void fold_drop(struct fold *fold, const struct effect *effect);
enum fact_kind fold_drop_kind(char class); /* class as in EFFECT_DROP */
/* Handles a drop under a condition: the object and what would be dropped with it become "maybe".
 * Returns false if there is no condition. */
bool fold_drop_is_open(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);

#endif
