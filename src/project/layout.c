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

static bool has_v1(const struct disk *disk) {
    for (size_t i = 1; i < disk->count; i++) {
        if (project_is_migration_v1(&disk->entries[i])) {
            return true;
        }
    }
    return false;
}

/* Whether the journal may be that of a folder of 0.x: it lists a file that is there or, where it cannot be read, there are files to list. */
static bool may_list(const struct journal *journal, const struct disk *disk) {
    struct text extension = TEXT(".sql");
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *it = &disk->entries[i];
        if (!project_is_flat_sql(it) || it->name.length < extension.length) {
            continue;
        }
        struct text tag = text_slice(it->name, 0, it->name.length - extension.length);
        for (size_t j = 0; j < journal->count; j++) {
            if (text_equal(journal->entries[j].tag, tag)) {
                return true;
            }
        }
        if (journal->status != JOURNAL_READ) {
            return true;
        }
    }
    return false;
}

bool project_is_v1(const struct disk *disk, const struct journal *journal) {
    return has_v1(disk) && (journal->status == JOURNAL_MISSING || !may_list(journal, disk));
}
