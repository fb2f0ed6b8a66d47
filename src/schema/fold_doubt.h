/* Marks what DROP … CASCADE may have dropped as "maybe". Pure apart from the fold; one thread. */
#ifndef MIGFS_SCHEMA_FOLD_DOUBT_H
#define MIGFS_SCHEMA_FOLD_DOUBT_H

#include "migfs/schema/facts.h"

/* The table's generated columns, and what has them: one may be computed from a dropped column. */
void fold_doubt_generated(struct fold *fold, uint32_t schema, uint32_t table);

/* Views that read a view in doubt, and the parts of these. */
void fold_doubt_views(struct fold *fold);

/* Foreign keys that reference the columns of a dropped index: another index may serve them. */
void fold_doubt_keys_on(struct fold *fold, const struct fact *index);

/* What may depend on a dropped object of this kind, except what fold_drop() drops itself. */
void fold_doubt_dependents(struct fold *fold, enum fact_kind dropped);

#endif
