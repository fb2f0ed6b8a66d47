/* Objects that enter snapshots only if drizzle-kit wrote the SQL: roles and policies; and what
 * these have in common with sequences and views. Each function applies a statement whose first words,
 * which select the function, have been read. Returns false if refused, with the reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_OBJECTS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_OBJECTS_H

#include "synthesis/snapshot.h"

bool snapshot_create_role(struct making *making, struct sql_reader *sql);
bool snapshot_alter_role(struct making *making, struct sql_reader *sql);
bool snapshot_create_policy(struct making *making, struct sql_reader *sql);
bool snapshot_alter_policy(struct making *making, struct sql_reader *sql);
bool snapshot_drop_policy(struct making *making, struct sql_reader *sql);
bool snapshot_drop_object(struct making *making, struct sql_reader *sql,
                          const char *part); /* sequences, roles, views */

/* Gives a sequence or a view, which this part of the snapshot has, another schema or name. */
void snapshot_move_object(struct making *making, const char *part, struct cJSON *object, struct text schema,
                          struct text name);

/* Records that a sequence, a view, or a policy of the table is changed. */
void snapshot_change_object(struct making *making, const struct cJSON *table, const char *part,
                            const struct cJSON *before, const struct cJSON *object);

#endif
