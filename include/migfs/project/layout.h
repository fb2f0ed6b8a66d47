/* Which of Drizzle's two layouts a migrations folder has. Pure; any thread. */
#ifndef MIGFS_PROJECT_LAYOUT_H
#define MIGFS_PROJECT_LAYOUT_H

#include <stdbool.h>

#include "migfs/drizzle/journal.h"
#include "migfs/folder/set.h"

/* True for the folder of drizzle v1: it has a NAME/migration.sql, and no meta/_journal.json or a stray one, which lists no file that is there.
 * With one that does, it is a folder of 0.x half converted. */
bool project_is_v1(const struct disk *disk, const struct journal *journal);

/* The migrations among the entries: NAME/migration.sql in a folder of v1, TAG.sql right in one of 0.x. */
bool project_is_migration_v1(const struct disk_entry *entry);
bool project_is_flat_sql(const struct disk_entry *entry);

#endif
