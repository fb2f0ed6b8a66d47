/* What hand-written SQL has put into a snapshot or changed although the project's schema files do not
 * have it: the next `generate` would drop it or change it back. Pure; any thread. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_UNDECLARED_H
#define MIGFS_SYNTHESIS_SNAPSHOT_UNDECLARED_H

#include "migfs/synthesis/snapshot_schema.h"
#include "synthesis/snapshot.h"

/* Removes it from the tree, with what belongs to it, and marks it in `put`. What the schema may
 * declare is removed, too, where hand-written SQL has added it to a table that was there: put in, the
 * next `generate` could drop it from the database; left out, it writes an ADD at most, which a
 * database that has it refuses. What is changed or dropped (`changes`) gets back what it was in the
 * same way. Nothing is removed where some table is not found. Returns whether anything was
 * removed. */
bool snapshot_remove_undeclared(struct making *making, const struct snapshots_schema *schema);

#endif
