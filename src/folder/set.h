/* The insides of a set, for who makes one and who keeps it. */
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

/* Its line ends and statements are the refresh thread's own. */
struct disk_set {
    struct disk disk; /* first, so that the one is the other */
    struct record record;
    struct arena *arena;                /* all of it */
    bool *is_racy;                      /* [count]: to be read again even if it looks unchanged */
    struct line_ends **line_ends;       /* [count], once one was asked for */
    struct sql_statements **statements; /* likewise */
    size_t *files; /* [file_count], by identity: what links can lead to; none where there is no link */
    size_t file_count;
};

/* Once the entries stand, in arena_run() of its arena. */
void disk_set_index(struct disk_set *set);

static inline struct disk_set *disk_set_of(const struct disk *disk) {
    return (struct disk_set *)disk;
}

#endif
