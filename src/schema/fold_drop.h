/* What drops something. */
#ifndef MIGFS_SCHEMA_FOLD_DROP_H
#define MIGFS_SCHEMA_FOLD_DROP_H

#include "migfs/schema/facts.h"

void fold_drop(struct fold *fold, const struct effect *effect);
enum fact_kind fold_drop_kind(char class); /* of EFFECT_DROP and the like */
/* Under a condition it may be gone or not: then it is "maybe", and nothing else is to be done. */
bool fold_drop_is_open(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name);
bool fold_drop_is_part(const struct fact *fact, uint32_t schema, uint32_t table);  /* a part of the table */
bool fold_drop_is_owned(const struct fact *fact, uint32_t schema, uint32_t table); /* an index or sequence of it */

#endif
