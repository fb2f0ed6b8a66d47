/* A column's type and everything after it, and its default. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_COLUMNS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_COLUMNS_H

#include "synthesis/snapshot.h"

bool snapshot_add_column(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql);
void snapshot_set_type(struct making *making, struct cJSON *column, const struct sql_reader *sql, size_t from,
                       size_t to);
void snapshot_set_default(struct making *making, struct cJSON *column, struct text text);

#endif
