/* Writes EFFECT_SOURCE, which describes a statement as it is in the file. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_SOURCE_H
#define MIGFS_SCHEMA_PARSE_SOURCE_H

#include "schema/tree.h"

/* `printed` is the statement as libpg_query prints it, `{"stmt":{"Kind":{…}},"stmt_location":1}`,
 * without the locations of nodes; `node` is the tree of its `stmt`. `is_inner`: it is in a DO
 * block. */
void parse_source(struct tree_walk *walk, const cJSON *node, struct text printed, bool is_inner);

#endif
