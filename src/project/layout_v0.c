/* The layout of drizzle-kit 0.x: migrations directly in the folder, journal and snapshots in
 * meta/. */
#include <string.h>

#include "migfs/project/layout.h"

/* A file name has at most 255 bytes, including `.sql`. */
enum { LONGEST_TAG = 251, EXTENSION = sizeof ".sql" - 1 };

static bool is_migration(const struct disk_entry *entry) {
    return entry->kind == DISK_FILE && entry->sql && entry->path.length == entry->name.length;
}

static struct text tag_of(const struct disk *disk, const struct disk_entry *migration) {
    (void)disk;
    return text_slice(migration->name, 0, migration->name.length - EXTENSION);
}

/* drizzle-kit names it by the part before the first `_`. */
static const struct disk_entry *snapshot_of(struct arena *arena, const struct disk *disk, struct text tag) {
    const char *underscore = memchr(tag.bytes, '_', tag.length);
    struct text prefix = underscore ? text_slice(tag, 0, (size_t)(underscore - tag.bytes)) : tag;
    return prefix.length > LONGEST_TAG
               ? NULL
               : disk_find(disk, text_format(arena, "meta/%.*s_snapshot.json", TEXT_ARGS(prefix)));
}

const struct project_layout layout_v0 = {
    .runner = &runner_v0, .has_journal = true, .is_migration = is_migration, .tag = tag_of, .snapshot = snapshot_of};
