/* Writes EFFECT_SOURCE, which describes a statement as it is in the file. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_SOURCE_H
#define MIGFS_SCHEMA_PARSE_SOURCE_H

#include "schema/tree.h"

/* `node` is the statement as libpg_query prints it, `{"Kind": {…}}`. `is_inner`: it is in a DO
 * block. */
void parse_source(struct tree_walk *walk, const cJSON *node, bool is_inner);

#endif
