/* The statements that parse.c meets, by kind. In the worker only. */
#ifndef MIGFS_SCHEMA_PARSE_STATEMENT_H
#define MIGFS_SCHEMA_PARSE_STATEMENT_H

#include "schema/tree.h"

/* Writes the effects of one statement; `node` is `{"Kind": {…}}`. */
void parse_statement(struct tree_walk *walk, const cJSON *node);

/* Each returns false where the statement is not of its kind. */
bool parse_table(struct tree_walk *walk, const cJSON *node);  /* tables, columns, constraints, indexes */
bool parse_object(struct tree_walk *walk, const cJSON *node); /* all else that can be made */
bool parse_change(struct tree_walk *walk, const cJSON *node); /* DROP, RENAME, SET SCHEMA */

/* The parts of which PostgreSQL makes an index's name, and the columns that it depends on, are added to the lists. */
void parse_elements(struct tree_walk *walk, const cJSON *elements, struct tree_list *parts, struct tree_list *columns);

/* A DO block; `sql` is the whole statement. */
void parse_do(struct tree_walk *walk, const char *sql);

/* Why it is opaque, and the text whose words say what kinds of fact it may change. */
void parse_opaque(struct tree_walk *walk, const char *why, struct text words);

/* The statements of a text that is a part of the whole, on the line that the walk is on. False where it does not parse. */
bool parse_inner(struct tree_walk *walk, const char *sql);

#endif
