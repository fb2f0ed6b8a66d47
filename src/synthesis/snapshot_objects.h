/* Objects that enter snapshots only if drizzle-kit wrote the SQL: sequences, roles, policies. Each
 * function applies a statement whose first words, which select the function, have been read.
 * Returns false if refused, with the reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_OBJECTS_H
#define MIGFS_SYNTHESIS_SNAPSHOT_OBJECTS_H

#include "synthesis/snapshot.h"

bool snapshot_create_sequence(struct making *making, struct sql_reader *sql);
bool snapshot_alter_sequence(struct making *making, struct sql_reader *sql);
bool snapshot_create_role(struct making *making, struct sql_reader *sql);
bool snapshot_alter_role(struct making *making, struct sql_reader *sql);
bool snapshot_create_policy(struct making *making, struct sql_reader *sql);
bool snapshot_alter_policy(struct making *making, struct sql_reader *sql);
bool snapshot_drop_policy(struct making *making, struct sql_reader *sql);
bool snapshot_drop_object(struct making *making, struct sql_reader *sql,
                          const char *part); /* sequences, roles, views */

#endif
