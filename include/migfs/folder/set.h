/* The source folder at one moment: every name below it, and for each regular file its bytes, its
 * identity and, for .sql directly in it, what the runner makes of them. Knows nothing of journals,
 * tags or databases, or of how it was made. Immutable and reference-counted: any thread may read
 * it. */
#ifndef MIGFS_FOLDER_SET_H
#define MIGFS_FOLDER_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/drizzle/tokens.h"
#include "migfs/folder/entry.h"
#include "migfs/util/digest.h"
#include "migfs/util/text.h"

enum {
    DISK_HELD_EACH = 1 << 20,     /* bytes: larger files are read from disk on demand */
    DISK_HELD_TOTAL = 256 << 20,  /* bytes held by a scan: so are files beyond it */
    DISK_SQL_MAXIMUM = 64 << 20,  /* bytes: a larger SQL file is refused */
    DISK_RULES_MAXIMUM = 1 << 20, /* bytes: so is a larger .migfs */
};

/* A folder on the path to the source: only users who may search it can reach the source. */
struct disk_passed {
    dev_t device;
    ino_t inode;
    mode_t granted; /* as in struct disk_entry */
    uid_t uid;
    gid_t gid;
};

struct disk {
    /* Sorted by path, with the slash before all other bytes: a directory comes directly before its
     * contents. The root is refused if it may no longer be read. */
    const struct disk_entry *entries;
    size_t count;                  /* at least 1 */
    bool is_gone;                  /* the source folder does not exist; only the root entry */
    bool is_silent;                /* it does not answer: unreachable, entries unchanged */
    const struct disk_passed *way; /* folders on the path to the source, from "/" on */
    size_t way_count;
};

struct disk *disk_ref(struct disk *disk);
void disk_unref(struct disk *disk); /* takes NULL */

/* A set with the same entries but with lists of line ends and statements of its own, so that a scan
 * can meanwhile take over those of the original on another thread. With a refusal, such as "has not
 * answered for 5 seconds", the copy is the set of a silent folder. Returns NULL when memory has run
 * out. */
struct disk *disk_copy(struct disk *disk, struct text refusal);

/* Why the folder cannot be read, to follow "the migrations folder"; NULL if it can. */
const char *disk_unreachable(const struct disk *disk);

/* The entry at this path, or NULL. */
const struct disk_entry *disk_find(const struct disk *disk, struct text path);

/* The file in the set that a link within the source leads to, or NULL if it is not in the set. */
const struct disk_entry *disk_target(const struct disk *disk, const struct disk_entry *link);

/* Digests of a SQL file with all line ends changed to LF, or to CRLF: known from the scan on if the
 * bytes are not held, else computed on first use, on the refresh thread only. Returns false if
 * memory has run out. */
bool disk_line_end_digests(const struct disk *disk, const struct disk_entry *entry, struct digest *ret_lf,
                           struct digest *ret_crlf);

#endif
