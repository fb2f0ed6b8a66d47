/* All CREATE statements except those of parse_table.h. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_OBJECT_H
#define MIGFS_SCHEMA_PARSE_OBJECT_H

#include "schema/tree.h"

/* Returns false for any other statement. */
bool parse_object(struct tree_walk *walk, const cJSON *node);

#endif
