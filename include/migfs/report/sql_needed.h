/* Chooses the SQL files that PostgreSQL's parser has to read: without a database, only `same-sql`
 * and `in-transaction` depend on it, and for most files the words alone show that neither can be
 * found. Lives in the arena. The refresh thread. */
#ifndef MIGFS_REPORT_SQL_NEEDED_H
#define MIGFS_REPORT_SQL_NEEDED_H

#include "migfs/folder/set.h"
#include "migfs/util/arena.h"

/* Returns an element for each entry of the set. If no database is attached and the parser has read
 * the files that are needed, the problems above notes are the same as if it had read all. */
const bool *sql_needed_find(struct arena *arena, const struct disk *disk);

#endif
