/* The names of indexes. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_INDEX_H
#define MIGFS_SCHEMA_PARSE_INDEX_H

#include "schema/tree.h"

/* The parts of which PostgreSQL makes an index's name, and the columns that it depends on, are added to the lists. */
void parse_index_elements(struct tree_walk *walk, const cJSON *elements, struct tree_list *parts,
                          struct tree_list *columns);

#endif
