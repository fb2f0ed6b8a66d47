/* Writes the effects of one statement. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_STATEMENT_H
#define MIGFS_SCHEMA_PARSE_STATEMENT_H

#include "schema/tree.h"

/* `node` is `{"Kind": {…}}`. */
void parse_statement(struct tree_walk *walk, const cJSON *node);

#endif
