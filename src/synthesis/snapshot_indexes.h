/* Indexes. Each function applies a statement whose first words, which select the function, have
 * been read. Returns false if refused, with the reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_INDEXES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_INDEXES_H

#include "synthesis/snapshot.h"

bool snapshot_create_index(struct making *making, struct sql_reader *sql, bool is_unique);
bool snapshot_drop_index(struct making *making, struct sql_reader *sql);
bool snapshot_alter_index(struct making *making, struct sql_reader *sql);

#endif
