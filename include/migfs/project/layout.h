/* The two layouts of a migrations folder behind one interface: which files are migrations, their
 * tags, their snapshots, and the runner that reads them. Pure; any thread. */
#ifndef MIGFS_PROJECT_LAYOUT_H
#define MIGFS_PROJECT_LAYOUT_H

#include <stdbool.h>

#include "migfs/drizzle/runner.h"
#include "migfs/folder/set.h"

struct project_layout {
    const struct runner_rules *runner;
    bool has_journal; /* meta/_journal.json lists the migrations; else the runner rejects one */
    /* True if the file's place and name make it a migration. */
    bool (*is_migration)(const struct disk_entry *entry);
    struct text (*tag)(const struct disk *disk, const struct disk_entry *migration);
    /* The snapshot of the migration with this tag, whatever its content; NULL: none. */
    const struct disk_entry *(*snapshot)(struct arena *arena, const struct disk *disk, struct text tag);
};

extern const struct project_layout layout_v0; /* TAG.sql, meta/NUMBER_snapshot.json */
extern const struct project_layout layout_v1; /* TAG/migration.sql, TAG/snapshot.json */

/* layout_v1 for a folder with a NAME/migration.sql and no meta/_journal.json, or a stray one that
 * lists no existing file. Otherwise layout_v0; a folder with both is a half-converted 0.x
 * folder. */
const struct project_layout *layout_of(const struct disk *disk, const struct journal *journal);

#endif
