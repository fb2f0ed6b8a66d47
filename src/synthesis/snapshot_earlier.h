/* What hand-written SQL has made before the first file of a chain although the snapshot before that
 * file lacks it: the schema did not declare it, so drizzle-kit's snapshots do not have it, and those
 * that `migfs fix` wrote left it out. Later statements on it are applied, and left out as well. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_EARLIER_H
#define MIGFS_SYNTHESIS_SNAPSHOT_EARLIER_H

#include "migfs/schema/tokens.h"
#include "migfs/synthesis/snapshot_schema.h"
#include "synthesis/snapshot_changes.h"

struct snapshot_earlier {
    struct cJSON *tree; /* what the SQL gives, as far as it can be applied */
    struct snapshot_members *members;
    struct snapshot_puts put;
    struct snapshot_changes changes;
    struct snapshot_names left;
};

/* Of no SQL so far. */
struct snapshot_earlier snapshot_earlier_none(struct arena *arena);

/* For applying the statements of the next file one by one. */
struct making snapshot_earlier_making(struct snapshot_earlier *earlier, struct arena *arena);

/* Applies the statements of the next file. Those that are refused are passed over. */
void snapshot_earlier_apply(struct snapshot_earlier *earlier, struct arena *arena, const struct tokens *tokens);

/* Adds what the tree lacks, and changes what it has as it was, to be removed and undone again. */
void snapshot_earlier_add(struct making *making, const struct snapshot_earlier *earlier);

/* Removes from the tree what was added, with what belongs to it, and marks what the last file has
 * changed of it; what the schema (NULL: not known) declares by now stays. Returns whether anything was
 * removed. */
bool snapshot_earlier_remove(struct making *making, const struct snapshots_schema *schema);

#endif
