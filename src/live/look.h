/* One scan of the folder, its journal and its rules: all of it or nothing. Waits for the file
 * system. One thread at a time, which need not be the thread of the inputs. */
#ifndef LIVE_LOOK_H
#define LIVE_LOOK_H

#include <sys/types.h>

#include "migfs/drizzle/journal.h"
#include "migfs/folder/set.h"
#include "migfs/folder/source.h"
#include "migfs/project/rules.h"
#include "migfs/util/content.h"
#include "migfs/util/error.h"

struct looked {
    struct disk *disk;
    struct journal *journal;
    struct content *journal_content; /* what `journal` was parsed from; NULL: not from a content */
    struct rules *rules;             /* NULL: none */
    struct content *rules_content;   /* likewise */
    mode_t rules_readers;            /* as in struct view */
};

void look_finish(struct looked *looked);  /* lets go of what it holds */
void look_destroy(struct looked *looked); /* and itself; takes NULL */

struct look {
    struct disk_source *source;
    const char *path;       /* for who waits */
    const char *rules_file; /* or NULL */
    unsigned threads;
};

/* Takes over what has not changed from the previous look, which may be empty. NULL on any
 * failure. */
struct looked *look_at_folder(const struct look *look, const struct looked *last, struct error *error);

#endif
