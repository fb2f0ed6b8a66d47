#include "migfs/synthesis/snapshot_schema.h"

enum snapshots_declared snapshot_schema_has(const struct snapshots_schema *schema, struct text name, struct text column,
                                            enum snapshots_named kind) {
    size_t most;
    return schema->has(schema->context, name, column, kind, &most);
}
