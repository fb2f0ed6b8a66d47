/* What hand-written SQL has put into a snapshot although the project's schema files do not name it:
 * the next `generate` would drop it. Pure; any thread. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_UNDECLARED_H
#define MIGFS_SYNTHESIS_SNAPSHOT_UNDECLARED_H

#include "migfs/util/text.h"

/* What a name in a schema file may be of. */
enum snapshots_named {
    SNAPSHOTS_TABLE,  /* or an enum */
    SNAPSHOTS_COLUMN, /* which may have the name of its property */
    SNAPSHOTS_PART,   /* an index or a constraint */
    /* a table that declares a primary key, a unique constraint, a foreign key, an index */
    SNAPSHOTS_OF_KEY,
    SNAPSHOTS_OF_UNIQUE,
    SNAPSHOTS_OF_REFERENCE,
    SNAPSHOTS_OF_INDEX,
};

/* The names in the project's schema files. */
struct snapshots_schema {
    /* Whether the files may name a thing of this kind so. */
    bool (*has)(const void *context, struct text name, enum snapshots_named kind);
    const void *context;
};

/* Removes it from the tree, with what belongs to it, and marks it in `put`. Nothing is removed where
 * names may be composed, and so not be found. Returns whether anything was removed. */
struct making;
bool snapshot_remove_undeclared(struct making *making, const struct snapshots_schema *schema);

#endif
