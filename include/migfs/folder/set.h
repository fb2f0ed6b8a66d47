/* The source folder as it was at one moment: every name below it, and for each regular file its bytes, identity and, for
 * .sql right in it, what the runner makes of them. Knows nothing of journals, tags or databases.
 *
 * The folder is opened once; everything below it is reached from that descriptor, never through a link that leads out
 * of it. Nothing but regular files and directories is ever opened; links to directories are not followed, other filesystems
 * mounted below are not entered, nor what lies more than 64 directories deep. A scan is immutable and counted: any thread may read it;
 * disk_open(), disk_scan() and disk_close() belong to one thread at a time. */
#ifndef MIGFS_FOLDER_SET_H
#define MIGFS_FOLDER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "migfs/drizzle/statements.h"
#include "migfs/util/content.h"
#include "migfs/util/error.h"
#include "migfs/util/text.h"

enum {
    DISK_HELD_EACH = 1 << 20,    /* bytes: larger files are loaded on demand */
    DISK_HELD_TOTAL = 256 << 20, /* bytes of all files held by a scan: what is above it is loaded on demand, too */
    DISK_SQL_MAXIMUM = 64 << 20, /* bytes: a larger SQL file is refused */
};

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
    mode_t mode;    /* permission bits as on disk; of the file a link leads to */
    mode_t granted; /* what an access control list leaves of them, so that nobody gets more by these than by the list */
    uid_t uid;
    gid_t gid;
    bool is_link; /* reached through a symbolic link within the source */
    struct timespec mtime;
    dev_t device; /* these four, mtime and is_link are the identity by which a file counts as unchanged */
    ino_t inode;
    off_t size; /* bytes */
    struct timespec ctime;
    struct content *content; /* DISK_FILE: the scan's reference */
    const struct sql *sql;   /* DISK_FILE named *.sql right below the source; else NULL */
    struct text
        refusal; /* DISK_REFUSED: "is a FIFO", "is a symbolic link that leads out of the folder", "cannot be read:
                            Permission denied", …: fits after the file's name */
};

struct disk {
    const struct disk_entry
        *entries; /* sorted by path, by bytes but a slash before all others: a directory stands right
                                         before what is in it. The root is refused when it may not be read any more. */
    size_t count; /* at least 1 */
    bool is_gone; /* the source folder does not exist (any more); then only the root entry */
};

struct disk_source; /* the opened source folder */

/* Opens the folder. Errors: it is missing, not a directory or may not be read; each a sentence that names it. */
struct disk_source *disk_open(const char *absolute_path, struct error *error);
void disk_close(struct disk_source *source); /* takes NULL; contents on demand keep what they need */

/* From now on each directory is watched before a scan lists it, so that nothing that changes afterwards is missed. */
struct disk_watch;
void disk_set_watch(struct disk_source *source, struct disk_watch *watch);

/* A new scan, in which files unchanged since `previous` (may be NULL) keep their content and are not read again. If nothing
 * at all changed it returns `previous` with one more reference. When the folder was removed and created again
 * at the same path, the new one is opened. Files are read and hashed by `threads` threads. NULL on error: out of memory or
 * descriptors; what stood before stands. */
struct disk *disk_scan(struct disk_source *source, struct disk *previous, unsigned threads, struct error *error);

/* How many files the scans of this source have read and hashed so far: what a refresh costs, counted. */
size_t disk_files_read(const struct disk_source *source);

/* How far the scan that runs, or ran last, has come with the files that it must read. Any thread, also during disk_scan(). */
struct disk_progress {
    size_t read, total;
};
struct disk_progress disk_progress(const struct disk_source *source);

struct disk *disk_ref(struct disk *disk);
void disk_unref(struct disk *disk); /* takes NULL */

/* Why nothing of the folder can be read, to follow "the migrations folder"; NULL when it can. */
const char *disk_unreachable(const struct disk *disk);

/* The entry at this path, or NULL. */
const struct disk_entry *disk_find(const struct disk *disk, struct text path);

/* Digests of a SQL file with all its line ends LF, or CRLF; made when first asked, on the refresh thread only.
 * False when the file's bytes can no longer be had. */
bool disk_line_end_digests(const struct disk *disk, const struct disk_entry *entry, struct digest *ret_lf,
                           struct digest *ret_crlf);

#endif
