/* What the making of snapshots asks of the folder: their bytes, the SQL beside them. Pure but for what the reader does. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_FOLDER_H
#define MIGFS_SYNTHESIS_SNAPSHOT_FOLDER_H

#include "migfs/synthesis/snapshots.h"

/* The bytes of a snapshot; false where they can no longer be read. */
bool snapshot_folder_read(struct arena *arena, const struct disk_entry *entry, struct text *ret_text);

/* A migration, by its index in the join, with its SQL and what the worker says of it, or with the fault that it has none. */
struct snapshots_file snapshot_folder_file(struct arena *arena, const struct join *join, size_t migration,
                                           const struct snapshots_reader *reader);

#endif
