/* Statements whose effects are known only by running them. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_OPAQUE_H
#define MIGFS_SCHEMA_PARSE_OPAQUE_H

#include "schema/tree.h"

/* `words`: a text that mentions the kinds of fact that the statement may change. */
void parse_opaque(struct tree_walk *walk, const char *why, struct text words);

#endif
