/* Enums and schemas. Each function applies a statement whose first words, which select the
 * function, have been read. Returns false if refused, with the reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_TYPES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_TYPES_H

#include "synthesis/snapshot.h"

bool snapshot_create_type(struct making *making, struct sql_reader *sql);
bool snapshot_alter_type(struct making *making, struct sql_reader *sql);
bool snapshot_drop_type(struct making *making, struct sql_reader *sql);
bool snapshot_create_schema(struct making *making, struct sql_reader *sql);
bool snapshot_alter_schema(struct making *making, struct sql_reader *sql);
bool snapshot_drop_schema(struct making *making, struct sql_reader *sql);

#endif
