/* The order of names, and what stat() reports about one. No I/O. */
#include "migfs/folder/entry.h"

int disk_path_compare(struct text a, struct text b) {
    size_t common = a.length < b.length ? a.length : b.length, at = 0;
    while (at < common && a.bytes[at] == b.bytes[at]) {
        at++;
    }
    if (at == common) {
        return (a.length > b.length) - (a.length < b.length);
    }
    if (a.bytes[at] == '/' || b.bytes[at] == '/') {
        return a.bytes[at] == '/' ? -1 : 1;
    }
    return (unsigned char)a.bytes[at] < (unsigned char)b.bytes[at] ? -1 : 1;
}

void disk_entry_describe(struct disk_entry *entry, const struct stat *stat) {
    entry->mode = stat->st_mode & 07777;
    entry->granted = stat->st_mode & 07700; /* until it is opened */
    entry->uid = stat->st_uid;
    entry->gid = stat->st_gid;
    entry->mtime = stat->st_mtim;
    entry->device = stat->st_dev;
    entry->inode = stat->st_ino;
    entry->size = stat->st_size;
    entry->ctime = stat->st_ctim;
}
