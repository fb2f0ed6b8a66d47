/* Whatever else can be made. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_OBJECT_H
#define MIGFS_SCHEMA_PARSE_OBJECT_H

#include "schema/tree.h"

/* False where the statement makes nothing that is among the facts. */
bool parse_object(struct tree_walk *walk, const cJSON *node);

#endif
