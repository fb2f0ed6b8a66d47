/* What the value of a column in a table's declaration says, such as `integer('a').default(5)`: its
 * type, its default, whether it is an identity. */
#ifndef MIGFS_CLI_SCHEMA_COLUMN_H
#define MIGFS_CLI_SCHEMA_COLUMN_H

#include "migfs/synthesis/snapshot_schema.h"

/* What a function makes columns of: one of drizzle's own, or an enum of this name. Returns false
 * where that is not certain. */
struct schema_column_functions {
    bool (*find)(const void *context, struct text function, struct text *ret_name, bool *ret_is_enum);
    const void *context;
};

/* Whether the value says this of the column, as snapshots_schema has it. */
enum snapshots_declared schema_column_says(struct text code, const struct schema_column_functions *functions,
                                           enum snapshots_named kind, struct text text);

#endif
