/* What `check --base` compares the journal with: the journals of the branch that it is going to be merged into. Pure but for `read_text`;
 * any thread. */
#ifndef MIGFS_REPORT_BASE_H
#define MIGFS_REPORT_BASE_H

#include <stdbool.h>

#include "migfs/drizzle/journal.h"
#include "migfs/util/digest.h"
#include "migfs/util/text.h"

/* Records of the caller, which must live as long as what is found is looked at. */
struct report_base {
    const struct journal *tip; /* as the branch is now: what is new must lie above all of it */
    const struct journal
        *merge_base; /* as it was where ours left it: what is gone or moved is gone or moved from here */

    /* The digest of the SQL that the merge base has under this tag; false where that cannot be had. NULL: no texts are known. */
    bool (*read_text)(void *context, struct text tag, struct digest *ret_digest);
    void *context;
};

#endif
