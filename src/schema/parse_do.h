/* DO blocks. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_DO_H
#define MIGFS_SCHEMA_PARSE_DO_H

#include "schema/tree.h"

/* `sql` is the whole statement. */
void parse_do(struct tree_walk *walk, const char *sql);

#endif
