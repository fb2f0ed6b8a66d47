/* What the snapshots ask the project's schema files. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_SCHEMA_H
#define MIGFS_SYNTHESIS_SNAPSHOT_SCHEMA_H

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
    SNAPSHOTS_OF_TYPE,
    SNAPSHOTS_OF_IDENTITY,  /* "always" or "byDefault", with + if it has options; or empty */
    SNAPSHOTS_OF_GENERATED, /* an expression; or empty */
    SNAPSHOTS_OF_WORD,      /* a table or an enum whose declaration has this word or string */
    SNAPSHOTS_WHOLE,        /* a table, or a column of one, that is certainly declared */
};

/* Whether the schema declares something. */
enum snapshots_declared { SNAPSHOTS_ABSENT, SNAPSHOTS_UNSURE, SNAPSHOTS_DECLARED };

/* The names in the project's schema files. */
struct snapshots_schema {
    /* Whether the files name a thing of this kind so; `column`: of the table `name`, or empty. For a
     * unique constraint or a foreign key, it may be the one that it is declared with. For a part of a
     * table, *ret_most is the number of them that the table declares at most without a name of their
     * own. */
    enum snapshots_declared (*has)(const void *context, struct text name, struct text column, enum snapshots_named kind,
                                   size_t *ret_most);
    const void *context;
    /* Whether the files give the column of the table this type, default (as in snapshots), identity or
     * expression; or whether the declaration of `table` has this word. */
    enum snapshots_declared (*says)(const void *context, struct text table, struct text column,
                                    enum snapshots_named kind, struct text text);
};

/* Asks without counting; the names may be empty. */
enum snapshots_declared snapshot_schema_has(const struct snapshots_schema *schema, struct text name, struct text column,
                                            enum snapshots_named kind);

#endif
