/* Asks of each file, and of each folder on the way to it, what it grants to three classes of users: an owner, a group, all others. Where
 * these are not the file's own classes, one of them may hold users of several of those; then it gets what is granted to all of
 * them: rather too few than too many. */
#include "migfs/view/readers.h"

static mode_t granted(const struct disk_entry *classes, mode_t mode, uid_t uid, gid_t gid) {
    mode_t owner = mode >> 6 & 07, group = mode >> 3 & 07, others = mode & 07;
    bool is_owner = uid == classes->uid, is_group = gid == classes->gid;
    mode_t to_owner = is_owner ? owner : group & others;
    mode_t to_group = (is_group ? group : group & others) & (is_owner ? 07 : owner);
    mode_t to_others = others & (is_group ? 07 : group) & (is_owner ? 07 : owner);
    return to_owner << 6 | to_group << 3 | to_others;
}

/* Search permission as permission to read: who may not pass a folder reads nothing below it. */
static mode_t searchers(const struct disk_entry *classes, mode_t mode, uid_t uid, gid_t gid) {
    return (granted(classes, mode, uid, gid) & 0111) << 2;
}

mode_t readers_of(const struct disk *disk, const struct disk_entry *entry, const struct disk_entry *classes) {
    mode_t mode = granted(classes, entry->granted, entry->uid, entry->gid) & 0444;
    if (entry->is_link) {
        const struct disk_entry *target = disk_target(disk, entry);
        mode &= target ? readers_of(disk, target, classes) : 0400;
    }
    for (const struct disk_entry *folder = entry; folder->parent != 0;) {
        folder = &disk->entries[folder->parent];
        mode &= searchers(classes, folder->granted, folder->uid, folder->gid);
    }
    return mode;
}

mode_t readers_of_all(const struct disk *disk) {
    mode_t mode = 0444;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->sql || text_is(entry->path, ".migfs") || text_is(entry->path, "meta/_journal.json")) {
            mode &= readers_of(disk, entry, &disk->entries[0]);
        }
    }
    return mode;
}

mode_t readers_of_way(const struct disk *disk) {
    mode_t mode = 0444;
    for (size_t i = 0; i < disk->way_count; i++) {
        const struct disk_passed *passed = &disk->way[i];
        mode &= searchers(&disk->entries[0], passed->granted, passed->uid, passed->gid);
    }
    return mode | mode >> 2;
}
