/* Tables. Each function applies a statement whose first words, which select the function, have been
 * read. Returns false if refused, with the reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_TABLES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_TABLES_H

#include "synthesis/snapshot.h"

bool snapshot_create_table(struct making *making, struct sql_reader *sql);
bool snapshot_alter_table(struct making *making, struct sql_reader *sql);
bool snapshot_drop_table(struct making *making, struct sql_reader *sql);

/* Removes a table, and the foreign keys that refer to it. */
void snapshot_remove_table(struct making *making, struct cJSON *table);

#endif
