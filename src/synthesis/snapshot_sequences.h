/* Sequences, which enter snapshots only if drizzle-kit wrote the SQL, and identity columns. Each
 * function reads what stands behind the words that select it. Returns false if refused, with the
 * reason set. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_SEQUENCES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_SEQUENCES_H

#include "synthesis/snapshot.h"

bool snapshot_create_sequence(struct making *making, struct sql_reader *sql);
bool snapshot_alter_sequence(struct making *making, struct sql_reader *sql);

/* GENERATED …; SET … or RESTART of a column that is one. */
bool snapshot_set_identity(struct making *making, const struct cJSON *table, struct cJSON *column,
                           struct sql_reader *sql);
bool snapshot_alter_identity(struct making *making, struct cJSON *column, struct sql_reader *sql);

#endif
