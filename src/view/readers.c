/* Determines for each file, and each folder on the path to it, what it grants to three classes of
 * users: an owner, a group, all others. When these are not the file's own classes, one of them can
 * contain users of several of the file's classes; it then gets what all of those are granted:
 * rather too little than too much. */
#include "migfs/view/readers.h"

static mode_t granted(const struct disk_entry *classes, mode_t mode, uid_t uid, gid_t gid) {
    mode_t owner = mode >> 6 & 07, group = mode >> 3 & 07, others = mode & 07;
    bool is_owner = uid == classes->uid, is_group = gid == classes->gid;
    mode_t to_owner = is_owner ? owner : group & others;
    mode_t to_group = (is_group ? group : group & others) & (is_owner ? 07 : owner);
    mode_t to_others = others & (is_group ? 07 : group) & (is_owner ? 07 : owner);
    return to_owner << 6 | to_group << 3 | to_others;
}

/* Search permission as if it were read permission: users who may not pass a folder read nothing
 * below it. */
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

/* The classes that can reach and list the folder of this entry. */
static mode_t listers_of(const struct disk *disk, const struct disk_entry *entry) {
    mode_t mode = 0444;
    while (entry->parent != 0) {
        entry = &disk->entries[entry->parent];
        mode &= granted(&disk->entries[0], entry->granted, entry->uid, entry->gid) &
                searchers(&disk->entries[0], entry->granted, entry->uid, entry->gid);
    }
    return mode;
}

/* Whether a problem may quote this name or reveal that such a name exists. Names directly in the
 * source are visible to everybody in the view. */
static bool may_be_named(const struct disk *disk, const struct disk_entry *entry) {
    bool is_in_meta = text_is(disk->entries[entry->parent].path, "meta");
    return entry->parent != 0 && (is_in_meta || entry->kind == DISK_REFUSED || text_ends(entry->name, ".sql"));
}

mode_t readers_of_all(const struct disk *disk) {
    mode_t mode = 0444;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->sql || text_is(entry->path, ".migfs") || text_is(entry->path, "meta/_journal.json")) {
            mode &= readers_of(disk, entry, &disk->entries[0]);
        }
        if (may_be_named(disk, entry)) {
            mode &= listers_of(disk, entry);
        }
    }
    return mode;
}

static mode_t readers_behind(const struct disk *disk, const struct disk_passed *folders, size_t count) {
    mode_t mode = 0444;
    for (size_t i = 0; i < count; i++) {
        mode &= searchers(&disk->entries[0], folders[i].granted, folders[i].uid, folders[i].gid);
    }
    return mode;
}

mode_t readers_of_way(const struct disk *disk) {
    mode_t mode = readers_behind(disk, disk->way, disk->way_count);
    return mode | mode >> 2;
}

mode_t readers_of_named(const struct disk *disk, const struct disk_named *named) {
    const struct disk_passed *file = &named->file;
    return readers_behind(disk, named->folders, named->count) &
           granted(&disk->entries[0], file->granted, file->uid, file->gid);
}

/* ---- passages ---- */

static uint64_t mix(uint64_t digest, uint64_t value) {
    digest = (digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ digest >> 32;
}

static bool is_granted_to_all(mode_t granted, mode_t what) {
    return (granted & what) == what;
}

static struct readers_passage pass(struct readers_passage passage, const struct disk_passed *folder) {
    const uint64_t values[] = {folder->device, folder->inode, folder->granted, folder->uid, folder->gid};
    passage.is_free = passage.is_free && is_granted_to_all(folder->granted, 0111);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        passage.digest = mix(passage.digest, values[i]);
    }
    return passage;
}

struct readers_passage readers_passage_to(const struct disk *disk) {
    struct readers_passage passage = {.is_free = true};
    for (size_t i = 0; i < disk->way_count; i++) {
        passage = pass(passage, &disk->way[i]);
    }
    return passage;
}

struct readers_passage readers_passage_into(struct readers_passage passage, const struct disk_entry *folder) {
    return pass(passage, &(struct disk_passed){.device = folder->device,
                                               .inode = folder->inode,
                                               .granted = folder->granted,
                                               .uid = folder->uid,
                                               .gid = folder->gid});
}

uint64_t readers_identity(struct readers_passage passage, const struct disk_entry *folder) {
    bool is_free = passage.is_free && is_granted_to_all(folder->granted, 0555);
    return is_free ? 0 : readers_passage_into(passage, folder).digest | 1;
}
