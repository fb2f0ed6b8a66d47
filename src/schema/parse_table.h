/* CREATE TABLE, ALTER TABLE, CREATE INDEX. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_TABLE_H
#define MIGFS_SCHEMA_PARSE_TABLE_H

#include "schema/tree.h"

/* Returns false for any other statement. */
bool parse_table(struct tree_walk *walk, const cJSON *node);

#endif
