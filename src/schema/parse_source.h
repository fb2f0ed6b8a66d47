/* What is said of a statement as it stands in the file: EFFECT_SOURCE. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_SOURCE_H
#define MIGFS_SCHEMA_PARSE_SOURCE_H

#include "schema/tree.h"

/* `node` is the statement as libpg_query has it, `{"Kind": {…}}`. */
void parse_source(struct tree_walk *walk, const cJSON *node);

#endif
