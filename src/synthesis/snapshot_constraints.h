/* Keys, uniques, foreign keys and checks. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_CONSTRAINTS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_CONSTRAINTS_H

#include "synthesis/snapshot.h"

bool snapshot_add_constraint(struct making *making, struct cJSON *table, struct sql_reader *sql, bool is_by_alter);
bool snapshot_add_reference(struct making *making, struct cJSON *table, struct text name, const struct text *columns,
                            size_t count, struct sql_reader *sql);
void snapshot_add_unique(struct making *making, struct cJSON *table, struct text name, const struct text *columns,
                         size_t count, bool is_distinct);
/* Makes the column the table's primary key, of this name or none; `is_not_null`: it is NOT NULL even
 * without that. */
void snapshot_set_key(struct making *making, const struct cJSON *table, struct cJSON *column, struct text name,
                      bool is_not_null);
bool snapshot_drop_constraint(struct making *making, struct cJSON *table, struct text name, bool is_tolerant);
bool snapshot_rename_constraint(struct making *making, struct cJSON *table, struct text before, struct text after);

/* Renames an index, a constraint or a policy of the table, which `place` has. */
void snapshot_rename_part(struct making *making, struct cJSON *table, const char *place, struct cJSON *part,
                          struct text after);

/* The primary key of a table: its member compositePrimaryKeys, and `columns`, the names of those with
 * the flag. */
struct cJSON *snapshot_key_of(struct arena *arena, const struct cJSON *table);

#endif
