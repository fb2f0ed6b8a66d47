/* drizzle-kit's snapshots of a schema (meta/NNNN_snapshot.json), version 7 for PostgreSQL: read
 * into a tree, and written as drizzle-kit writes them. synthesis (snapshots.h) applies the SQL of
 * migrations to them. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_SNAPSHOT_H
#define MIGFS_DRIZZLE_SNAPSHOT_H

#include "migfs/json/tree.h"

/* The tree, or NULL with the reason, which ends a sentence that begins with the file's name. */
struct cJSON *snapshot_read(struct arena *arena, struct text text, struct text *ret_reason);

/* The bytes of the file: `id` derived from prevId, tag and everything else in it (a UUID of version
 * 8, whereas drizzle-kit makes version 4), the keys in drizzle-kit's order. Changes the tree
 * accordingly. */
struct text snapshot_write(struct arena *arena, struct cJSON *tree, struct text previous_id, struct text tag);

#endif
