/* The layouts are told apart by names alone. Source: drizzle-orm 1.0.0-rc.5, migrator.js, readMigrationFiles. */
#include "migfs/project/layout.h"

#include <string.h>

bool project_is_flat_sql(const struct disk_entry *entry) {
    return entry->kind == DISK_FILE && entry->sql && entry->path.length == entry->name.length;
}

bool project_is_migration_v1(const struct disk_entry *entry) {
    return entry->kind == DISK_FILE && entry->sql && text_is(entry->name, "migration.sql") &&
           entry->path.length > entry->name.length &&
           !memchr(entry->path.bytes, '/', entry->path.length - entry->name.length - 1);
}

bool project_is_v1(const struct disk *disk, const struct journal *journal) {
    if (journal->status != JOURNAL_MISSING) {
        return false;
    }
    for (size_t i = 1; i < disk->count; i++) {
        if (project_is_migration_v1(&disk->entries[i])) {
            return true;
        }
    }
    return false;
}
