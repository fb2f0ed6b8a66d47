/* The statements of the SQL files of a set, read on first use and kept as long as the set. For the
 * refresh thread only. */
#ifndef MIGFS_FOLDER_STATEMENTS_H
#define MIGFS_FOLDER_STATEMENTS_H

#include "migfs/drizzle/tokens.h"
#include "migfs/folder/set.h"

/* Returns NULL if the file's bytes are no longer available or memory has run out. */
const struct sql_statements *disk_statements(const struct disk *disk, const struct disk_entry *entry);

/* Reads those of all files whose bytes are held, with as many threads as scanned the folder: for
 * callers that ask for most of them. Those of other files, and what memory does not suffice for, are
 * read when they are asked for. */
void disk_read_statements(const struct disk *disk);

#endif
