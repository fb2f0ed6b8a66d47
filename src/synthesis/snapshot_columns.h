/* A column's type and everything after it, and its default and identity. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_COLUMNS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_COLUMNS_H

#include "synthesis/snapshot.h"

bool snapshot_add_column(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql);
void snapshot_set_type(struct making *making, struct cJSON *column, const struct sql_reader *sql, size_t from,
                       size_t to);
void snapshot_set_default(struct making *making, struct cJSON *column, struct text text);
bool snapshot_set_identity(struct making *making, const struct cJSON *table, struct cJSON *column,
                           struct sql_reader *sql);
bool snapshot_alter_identity(struct making *making, struct cJSON *column, struct sql_reader *sql);

/* Reads `INCREMENT BY 1 ... CYCLE` to the end into an object's members; false if anything else
 * occurs. */
bool snapshot_set_options(struct cJSON *object, struct sql_reader *sql);

#endif
