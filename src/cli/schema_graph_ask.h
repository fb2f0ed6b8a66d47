/* What a graph says of tables and columns, once its references are followed. */
#ifndef MIGFS_CLI_SCHEMA_GRAPH_ASK_H
#define MIGFS_CLI_SCHEMA_GRAPH_ASK_H

#include "cli/schema_graph.h"
#include "migfs/synthesis/snapshot_schema.h"

/* Sets *ret_most to the number of such parts that the table declares at most; SIZE_MAX where others
 * may declare some for it. */
enum snapshots_declared schema_graph_ask(const struct schema_graph *graph, struct text table, enum schema_part part,
                                         size_t *ret_most);

/* Whether a table of this name is declared. */
bool schema_graph_has_table(const struct schema_graph *graph, struct text table);

/* Whether the table declares the column, and so with this part (SCHEMA_PART_COUNT: with any). */
enum snapshots_declared schema_graph_ask_column(const struct schema_graph *graph, struct text table, struct text column,
                                                enum schema_part part);

/* Whether a column of this name may come from what the table's declaration leads to: declared if it is
 * mentioned there. */
enum snapshots_declared schema_graph_ask_mention(const struct schema_graph *graph, struct text table,
                                                 struct text column);

/* The value of the column in the table's declaration. Returns false where it is not there, or where
 * declarations differ. */
bool schema_graph_code(const struct schema_graph *graph, struct text table, struct text column, struct text *ret_code);

/* What makes a column where the schema calls this function: one of drizzle's own, or an enum of this
 * name. Returns false where that is not certain. */
bool schema_graph_function(const struct schema_graph *graph, struct text function, struct text *ret_name,
                           bool *ret_is_enum);

#endif
