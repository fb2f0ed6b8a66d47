/* What `check --base` compares the journal with: the journals of the branch that it will be merged
 * into. Pure, except for `read_text`; any thread. */
#ifndef MIGFS_REPORT_BASE_H
#define MIGFS_REPORT_BASE_H

#include <stdbool.h>

#include "migfs/drizzle/journal.h"
#include "migfs/util/digest.h"
#include "migfs/util/text.h"

/* The journals belong to the caller and must outlive the problems found. */
struct report_base {
    const struct journal *tip; /* the branch as it is now: new entries must lie above all of it */
    /* the fork point of our branch: shows which entries it removed or moved */
    const struct journal *merge_base;

    /* Gets the digest of the SQL that the merge base has under this tag; returns false if it cannot
     * be read. NULL: no SQL is known. */
    bool (*read_text)(void *context, struct text tag, struct digest *ret_digest);
    void *context;
};

#endif
