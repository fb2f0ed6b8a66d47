/* What only running it would show. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_OPAQUE_H
#define MIGFS_SCHEMA_PARSE_OPAQUE_H

#include "schema/tree.h"

/* Why, and the text whose words say what kinds of fact it may change. */
void parse_opaque(struct tree_walk *walk, const char *why, struct text words);

#endif
