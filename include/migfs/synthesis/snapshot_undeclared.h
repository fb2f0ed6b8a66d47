/* What hand-written SQL has put into a snapshot although the project's schema files do not name it:
 * the next `generate` would drop it. Pure; any thread. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_UNDECLARED_H
#define MIGFS_SYNTHESIS_SNAPSHOT_UNDECLARED_H

#include "migfs/util/text.h"

/* What a name in a schema file may be of. */
enum snapshots_named {
    SNAPSHOTS_TABLE,  /* or an enum */
    SNAPSHOTS_COLUMN, /* of a table, which may have the name of its property */
    SNAPSHOTS_PART,   /* an index or a constraint */
    /* a table that declares a primary key, a unique constraint, a foreign key, an index */
    SNAPSHOTS_OF_KEY,
    SNAPSHOTS_OF_UNIQUE,
    SNAPSHOTS_OF_REFERENCE,
    SNAPSHOTS_OF_INDEX,
    SNAPSHOTS_OF_NOT_NULL, /* a column of a table that it declares so */
    SNAPSHOTS_OF_DEFAULT,
    SNAPSHOTS_WHOLE, /* a table, or a column of one, that is certainly declared */
};

/* Whether the schema declares something. */
enum snapshots_declared { SNAPSHOTS_ABSENT, SNAPSHOTS_UNSURE, SNAPSHOTS_DECLARED };

/* The names in the project's schema files. */
struct snapshots_schema {
    /* Whether the files name a thing of this kind so; `column`: of the table `name`, or empty. For a
     * part of a table, *ret_most is the number of them that the table declares at most without a name
     * of their own. */
    enum snapshots_declared (*has)(const void *context, struct text name, struct text column, enum snapshots_named kind,
                                   size_t *ret_most);
    const void *context;
};

/* Removes it from the tree, with what belongs to it, and marks it in `put`. What the schema may
 * declare is removed, too, where hand-written SQL has added it to a table that was there: put in, the
 * next `generate` could drop it from the database; left out, it writes an ADD at most, which a
 * database that has it refuses. Nothing is removed where some table is not found. Returns whether
 * anything was removed. */
struct making;
bool snapshot_remove_undeclared(struct making *making, const struct snapshots_schema *schema);

#endif
