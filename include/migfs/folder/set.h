/* The source folder as it was at one moment: every name below it, and for each regular file its bytes, identity and, for
 * .sql right in it, what the runner makes of them. Knows nothing of journals, tags or databases, nor of how it came about. Immutable
 * and counted: any thread may read it. */
#ifndef MIGFS_FOLDER_SET_H
#define MIGFS_FOLDER_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/drizzle/tokens.h"
#include "migfs/folder/entry.h"
#include "migfs/util/digest.h"
#include "migfs/util/text.h"

enum {
    DISK_HELD_EACH = 1 << 20,     /* bytes: larger files stay on disk and are read on demand */
    DISK_HELD_TOTAL = 256 << 20,  /* bytes of all files held by a scan: what is above it stays there, too */
    DISK_SQL_MAXIMUM = 64 << 20,  /* bytes: a larger SQL file is refused */
    DISK_RULES_MAXIMUM = 1 << 20, /* bytes: and so is a larger .migfs */
};

/* A folder that was passed on the way to the source: who may search it may go on. */
struct disk_passed {
    dev_t device;
    ino_t inode;
    mode_t granted; /* as in struct disk_entry */
    uid_t uid;
    gid_t gid;
};

struct disk {
    const struct disk_entry
        *entries;                  /* sorted by path, by bytes but a slash before all others: a directory stands right
                                         before what is in it. The root is refused when it may not be read any more. */
    size_t count;                  /* at least 1 */
    bool is_gone;                  /* the source folder does not exist (any more); then only the root entry */
    const struct disk_passed *way; /* each folder in which a name was looked up on the way to the source, from "/" on */
    size_t way_count;
};

struct disk *disk_ref(struct disk *disk);
void disk_unref(struct disk *disk); /* takes NULL */

/* Why nothing of the folder can be read, to follow "the migrations folder"; NULL when it can. */
const char *disk_unreachable(const struct disk *disk);

/* The entry at this path, or NULL. */
const struct disk_entry *disk_find(const struct disk *disk, struct text path);

/* The file that a link within the source leads to, by its own path, or NULL if it is not in the set. */
const struct disk_entry *disk_target(const struct disk *disk, const struct disk_entry *link);

/* Digests of a SQL file with all its line ends LF, or CRLF; made when first asked, on the refresh thread only.
 * False when the file's bytes can no longer be had. */
bool disk_line_end_digests(const struct disk *disk, const struct disk_entry *entry, struct digest *ret_lf,
                           struct digest *ret_crlf);

/* The statements of a SQL file; made when first asked, on the refresh thread only, and kept as long as the scan. NULL when the file's
 * bytes can no longer be had or memory has run out. */
const struct sql_statements *disk_statements(const struct disk *disk, const struct disk_entry *entry);

#endif
