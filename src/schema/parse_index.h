/* The names of indexes. Runs in the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_INDEX_H
#define MIGFS_SCHEMA_PARSE_INDEX_H

#include "schema/tree.h"

/* Adds to the lists the parts of the index's name and the columns that the index depends on. */
void parse_index_elements(struct tree_walk *walk, const cJSON *elements, struct tree_list *parts,
                          struct tree_list *columns);

#endif
