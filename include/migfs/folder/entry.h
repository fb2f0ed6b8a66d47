/* What a scan knows about one name below the source folder, and the order of names. Pure. */
#ifndef MIGFS_FOLDER_ENTRY_H
#define MIGFS_FOLDER_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "migfs/drizzle/snapshot_head.h"
#include "migfs/drizzle/statements.h"
#include "migfs/util/content.h"
#include "migfs/util/text.h"

enum disk_kind {
    DISK_DIRECTORY,
    DISK_FILE,
    DISK_REFUSED, /* not opened, or unreadable: see `refusal` */
};

struct disk_entry {
    struct text path; /* below the source, without a leading slash, raw bytes, NUL-terminated; the root's is empty */
    struct text name; /* last component of the path */
    size_t parent;    /* index of its directory; the root is entry 0 and its own parent */
    enum disk_kind kind;
    mode_t mode;    /* permission bits on disk; for a link, of its target */
    mode_t granted; /* the part of mode that an access control list leaves to every user */
    uid_t uid;
    gid_t gid;
    /* reached through a symbolic link within the source; such a directory contains only what
     * drizzle v1 reads in it */
    bool is_link;
    struct timespec mtime;
    dev_t device; /* device to ctime, mtime and is_link: identity of an unchanged file */
    ino_t inode;
    off_t size; /* bytes */
    struct timespec ctime;
    struct content *content; /* DISK_FILE: the scan's reference */
    /* DISK_FILE named *.sql directly in the source, or migration.sql in a folder there; else
     * NULL */
    const struct sql *sql;
    const struct snapshot_head *snapshot; /* DISK_FILE that drizzle-kit reads as one; else NULL */
    /* DISK_REFUSED: "is a FIFO", "is a symbolic link that leads out of the folder", "cannot be
     * read: Permission denied", …: continues a sentence after the file's name */
    struct text refusal;
};

/* The order of a set: by bytes, but with the slash before all others, so that a directory comes
 * directly before its contents. */
int disk_path_compare(struct text a, struct text b);

/* Sets what stat() reports. Since stat() does not report denials by access control lists, only the
 * owner's permissions are granted. */
void disk_entry_describe(struct disk_entry *entry, const struct stat *stat);

#endif
