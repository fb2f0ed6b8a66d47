/* What is read from the folder to make snapshots: existing snapshots and SQL files. Pure except for
 * the reader. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_FOLDER_H
#define MIGFS_SYNTHESIS_SNAPSHOT_FOLDER_H

#include "migfs/synthesis/snapshots.h"

/* The bytes of a snapshot; false if they can no longer be read. */
bool snapshot_folder_read(struct arena *arena, const struct disk_entry *entry, struct text *ret_text);

/* A migration (index in the join) with its SQL and the worker's answer, or with the reason why
 * there is none. */
struct snapshots_file snapshot_folder_file(struct arena *arena, const struct join *join, size_t migration,
                                           const struct snapshots_reader *reader);

/* The entries of the consistent journal before the first whose snapshot is made. */
struct snapshot_folder_before {
    const struct join *join;
    const struct synthesis *synthesis;
    const struct snapshots_reader *reader;
    size_t count;
};

/* Their files, for struct snapshots_start; `context` is a struct snapshot_folder_before. */
const struct snapshots_file *snapshot_folder_files(const void *context, struct arena *arena, size_t *ret_count);

#endif
