/* DROP, RENAME, SET SCHEMA. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_CHANGE_H
#define MIGFS_SCHEMA_PARSE_CHANGE_H

#include "schema/tree.h"

/* False where the statement is none of these. */
bool parse_change(struct tree_walk *walk, const cJSON *node);

#endif
