/* DROP, RENAME, SET SCHEMA. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_CHANGE_H
#define MIGFS_SCHEMA_PARSE_CHANGE_H

#include "schema/tree.h"

/* Returns false for any other statement. */
bool parse_change(struct tree_walk *walk, const cJSON *node);

#endif
