/* Asks of each file, and of each folder on the way to it, what it grants to the three classes of the source folder. Of somebody else's file
 * the owner of the source counts as one of the others, and of another group's file its group does: rather too few than too many. */
#include "migfs/readers.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/* What is granted to the source folder's classes, as one of 0777, by somebody's file or folder. */
static mode_t granted(const struct disk_entry *root, mode_t mode, uid_t uid, gid_t gid) {
    mode_t others = mode & 07;
    mode_t group = gid == root->gid ? mode >> 3 & 07 : others;
    mode_t owner = uid == root->uid ? mode >> 6 & 07 : gid == root->gid ? group & others : others;
    return owner << 6 | group << 3 | others;
}

/* Search permission as permission to read: who may not pass a folder reads nothing below it. */
static mode_t searchers(const struct disk_entry *root, mode_t mode, uid_t uid, gid_t gid) {
    return (granted(root, mode, uid, gid) & 0111) << 2;
}

static const struct disk_entry *find_target(const struct disk *disk, const struct disk_entry *link) {
    for (size_t i = 0; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (!entry->is_link && entry->kind == DISK_FILE && entry->inode == link->inode &&
            entry->device == link->device) {
            return entry;
        }
    }
    return NULL;
}

mode_t readers_of(const struct disk *disk, const struct disk_entry *entry) {
    const struct disk_entry *root = &disk->entries[0];
    mode_t mode = granted(root, entry->mode, entry->uid, entry->gid) & 0444;
    if (entry->is_link) {
        const struct disk_entry *target = find_target(disk, entry);
        mode &= target ? readers_of(disk, target) : 0400;
    }
    for (const struct disk_entry *folder = entry; folder->parent != 0;) {
        folder = &disk->entries[folder->parent];
        mode &= searchers(root, folder->mode, folder->uid, folder->gid);
    }
    return mode;
}

mode_t readers_of_all(const struct disk *disk) {
    mode_t mode = 0444;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->sql || text_is(entry->path, ".migfs") || text_is(entry->path, "meta/_journal.json")) {
            mode &= readers_of(disk, entry);
        }
    }
    return mode;
}

mode_t readers_of_way(const struct disk *disk, const char *path) {
    char folder[PATH_MAX];
    struct stat stat_of;
    mode_t mode = 0444;
    if (strlen(path) >= sizeof folder) {
        return 0500;
    }
    memcpy(folder, path, strlen(path) + 1);
    for (char *slash = strrchr(folder, '/'); slash; slash = strrchr(folder, '/')) {
        *slash = '\0';
        if (stat(*folder ? folder : "/", &stat_of) == 0) {
            mode &= searchers(&disk->entries[0], stat_of.st_mode, stat_of.st_uid, stat_of.st_gid);
        }
    }
    return mode | mode >> 2;
}
