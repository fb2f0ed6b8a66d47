/* CREATE TABLE, ALTER TABLE, CREATE INDEX. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_TABLE_H
#define MIGFS_SCHEMA_PARSE_TABLE_H

#include "schema/tree.h"

/* False where the statement is none of these. */
bool parse_table(struct tree_walk *walk, const cJSON *node);

#endif
