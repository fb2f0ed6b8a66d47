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

/* The last two are the refresh thread's own. */
struct disk_set {
    struct disk disk; /* first, so that the one is the other */
    struct record record;
    struct arena *arena;          /* all of it */
    bool *is_racy;                /* [count]: to be read again even if it looks unchanged */
    struct line_ends **line_ends; /* [count], once one was asked for */
};

static inline struct disk_set *disk_set_of(const struct disk *disk) {
    return (struct disk_set *)disk;
}

#endif
