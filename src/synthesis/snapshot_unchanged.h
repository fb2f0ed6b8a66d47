/* Gives back to a snapshot what hand-written SQL has changed or dropped where the schema has it as it
 * was, or may have it so: put in, the next `generate` would change it back; left out, it writes the
 * change again at most, which changes nothing or is refused by a database that has it.
 *
 * What is dropped for good (a table, a column, an enum, a view) stays dropped: `generate` makes what
 * the schema declares again, and nothing is lost by that. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_UNCHANGED_H
#define MIGFS_SYNTHESIS_SNAPSHOT_UNCHANGED_H

#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_search.h"

/* Gives back the rest, and marks what is dropped although the schema declares it. Returns whether
 * anything is given back. */
bool snapshot_unchanged(struct snapshot_search *search);

#endif
