/* What a scan tells of one name below the source folder, and the order in which names stand. Pure. */
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
    DISK_REFUSED, /* not opened, or could not be read: see `refusal` */
};

struct disk_entry {
    struct text path; /* below the source, without a leading slash, raw bytes, NUL-terminated; the root's is empty */
    struct text name; /* last part of the path */
    size_t parent;    /* index of the directory it is in; the root is entry 0 and its own parent */
    enum disk_kind kind;
    mode_t mode; /* permission bits as on disk; of the file a link leads to */
    mode_t
        granted; /* what an access control list leaves of them, so that no user gets more by these than by the list */
    uid_t uid;
    gid_t gid;
    bool is_link; /* reached through a symbolic link within the source */
    struct timespec mtime;
    dev_t device; /* these four, mtime and is_link are the identity by which a file counts as unchanged */
    ino_t inode;
    off_t size; /* bytes */
    struct timespec ctime;
    struct content *content; /* DISK_FILE: the scan's reference */
    const struct sql
        *sql; /* DISK_FILE named *.sql right below the source, or migration.sql in a folder there; else NULL */
    const struct snapshot_head *snapshot; /* DISK_FILE in meta/ that drizzle-kit takes for a snapshot; else NULL */
    struct text
        refusal; /* DISK_REFUSED: "is a FIFO", "is a symbolic link that leads out of the folder", "cannot be read:
                            Permission denied", …: fits after the file's name */
};

/* The order of a set: by bytes, but a slash before all others, so that a directory stands right before what is in it. */
int disk_path_compare(struct text a, struct text b);

/* Sets what stat() tells; whom an access control list shuts out it does not tell, so of the permissions only the owner's are granted. */
void disk_entry_describe(struct disk_entry *entry, const struct stat *stat);

#endif
