/* The layout of drizzle-kit 1.0: a folder for each migration, with its SQL and its snapshot, and no
 * journal. */
#include <string.h>

#include "migfs/project/layout.h"

static bool is_migration(const struct disk_entry *entry) {
    return entry->kind == DISK_FILE && entry->sql && text_is(entry->name, "migration.sql") &&
           entry->path.length > entry->name.length &&
           !memchr(entry->path.bytes, '/', entry->path.length - entry->name.length - 1);
}

static struct text tag_of(const struct disk *disk, const struct disk_entry *migration) {
    return disk->entries[migration->parent].name;
}

static const struct disk_entry *snapshot_of(struct arena *arena, const struct disk *disk, struct text tag) {
    return disk_find(disk, text_format(arena, "%.*s/snapshot.json", TEXT_ARGS(tag)));
}

const struct project_layout layout_v1 = {
    .runner = &runner_v1, .has_journal = false, .is_migration = is_migration, .tag = tag_of, .snapshot = snapshot_of};
