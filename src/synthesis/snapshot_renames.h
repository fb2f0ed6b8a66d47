/* Renames and drops, with their consequences elsewhere in the snapshot. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_RENAMES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_RENAMES_H

#include "synthesis/snapshot.h"

bool snapshot_rename_table(struct making *making, struct cJSON *table, struct text schema, struct text name);
void snapshot_rename_column(struct making *making, struct cJSON *table, struct cJSON *column, struct text name);
/* Drops what depends on a dropped column: indexes, keys, checks and foreign keys. */
void snapshot_drop_made_of(struct making *making, struct cJSON *table, struct text name);
void snapshot_drop_column(struct making *making, struct cJSON *table, struct cJSON *column);
void snapshot_rename_schema(struct making *making, struct text before, struct text after);
void snapshot_rename_enum(struct making *making, struct cJSON *it, struct text schema, struct text name);

#endif
