/* Layouts are distinguished by names alone. Source: drizzle-orm 1.0.0-rc.5, migrator.js,
 * readMigrationFiles. */
#include "migfs/project/layout.h"

static bool has_v1(const struct disk *disk) {
    for (size_t i = 1; i < disk->count; i++) {
        if (layout_v1.is_migration(&disk->entries[i])) {
            return true;
        }
    }
    return false;
}

/* True if the journal may be that of a 0.x folder: it lists an existing file, or it cannot be read
 * and there are files to list. */
static bool may_list(const struct journal *journal, const struct disk *disk) {
    for (size_t i = 1; i < disk->count; i++) {
        if (!layout_v0.is_migration(&disk->entries[i])) {
            continue;
        }
        struct text tag = layout_v0.tag(disk, &disk->entries[i]);
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

const struct project_layout *layout_of(const struct disk *disk, const struct journal *journal) {
    bool is_v1 = has_v1(disk) && (journal->status == JOURNAL_MISSING || !may_list(journal, disk));
    return is_v1 ? &layout_v1 : &layout_v0;
}
