/* The internals of a set, for code that makes or keeps one. */
#ifndef FOLDER_SET_H
#define FOLDER_SET_H

#include <stdbool.h>

#include "migfs/folder/set.h"
#include "migfs/util/arena.h"
#include "migfs/util/digest.h"
#include "migfs/util/record.h"

struct line_ends {
    struct digest lf, crlf;
};

enum { DISK_THREADS = 4 };

/* Line ends and statements belong to the refresh thread. The line ends of SQL that is not held are
 * known from the scan on. */
struct disk_set {
    struct disk disk; /* first, so that a disk is its disk_set */
    struct record record;
    struct arena *arena;                    /* owns all of it */
    bool *is_racy;                          /* [count]: must be read again even if it looks unchanged */
    struct line_ends **line_ends;           /* [count], allocated on first use */
    struct sql_statements **statements;     /* [count], likewise */
    unsigned threads;                       /* that may read statements at once */
    struct arena *of_threads[DISK_THREADS]; /* own what each of them read; or NULL */
    size_t *files;                          /* [file_count], by identity: targets of links, if any */
    size_t file_count;
    struct disk *original; /* of a copy: owns what the entries point to; or NULL */
};

/* Call when the entries are complete, in arena_run() of its arena. */
void disk_set_index(struct disk_set *set);

static inline struct disk_set *disk_set_of(const struct disk *disk) {
    return (struct disk_set *)disk;
}

#endif
