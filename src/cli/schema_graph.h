/* What the declarations of schema files refer to, and so what each table may have. A name is looked
 * for in all files: rather a reference too many than one too few. */
#ifndef MIGFS_CLI_SCHEMA_GRAPH_H
#define MIGFS_CLI_SCHEMA_GRAPH_H

#include "cli/schema_code.h"

struct schema_graph;

struct schema_graph *schema_graph_create(void);        /* NULL: no memory */
void schema_graph_destroy(struct schema_graph *graph); /* takes NULL */

/* As schema_code_found has them. A table may have several names: each is given, then its end. All
 * texts must outlive the graph. */
void schema_graph_declaration(struct schema_graph *graph);
void schema_graph_name(struct schema_graph *graph, struct text name);
void schema_graph_alias(struct schema_graph *graph, struct text name, struct text of);
void schema_graph_reference(struct schema_graph *graph, struct text word);
void schema_graph_mention(struct schema_graph *graph, struct text name);
void schema_graph_part(struct schema_graph *graph, enum schema_part part);
void schema_graph_table(struct schema_graph *graph, struct text name);
void schema_graph_table_end(struct schema_graph *graph);
void schema_graph_column(struct schema_graph *graph);
void schema_graph_column_end(struct schema_graph *graph, struct text name, struct text function, struct text code,
                             bool is_certain);
void schema_graph_columns_end(struct schema_graph *graph, bool are_all);

/* The last name of the declaration makes columns of this enum. */
void schema_graph_enum(struct schema_graph *graph, struct text name);

/* A name whose meaning is not in the files: what refers to it may be anything. */
void schema_graph_foreign(struct schema_graph *graph, struct text name);
void schema_graph_open(struct schema_graph *graph); /* any declaration may refer to such a name */

/* Follows the references, once all files are scanned. Returns false if memory was lacking. */
bool schema_graph_follow(struct schema_graph *graph);

#endif
