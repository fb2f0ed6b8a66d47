/* What a graph holds: for the file that makes it and the one that answers questions about it. */
#ifndef MIGFS_CLI_SCHEMA_GRAPH_NODES_H
#define MIGFS_CLI_SCHEMA_GRAPH_NODES_H

#include "cli/schema_code.h"

/* A flag beside those of enum schema_part: it refers to a foreign name. */
enum { IS_OPEN = 1U << SCHEMA_PART_COUNT };

#define NO_NODE UINT32_MAX

/* A declaration, a call that declares a table, or one of its columns. */
struct node {
    unsigned flags;                  /* its own, and of what it refers to */
    unsigned own[SCHEMA_PART_COUNT]; /* number of parts among its own words */
    unsigned given;                  /* flags of what it refers to */
    bool is_named, is_column;
    bool has_all_columns;      /* of a table: it has no others than */
    size_t column, column_end; /* these in the list of columns */
};

/* A column of a table. */
struct column {
    struct text name, function; /* the function that may give it its name; else empty */
    struct text code;
    uint32_t node;
    bool is_certain; /* that this is its name */
};

struct named {
    struct text name;
    uint32_t node;
};

struct names {
    struct named *names; /* sorted by name once all are there */
    size_t count, room;
};

/* A reference, under the node that it is looked up by. */
struct edge {
    uint32_t node, other;
};

/* To what the declarations of a table lead: of the table that was asked for last, since questions on
 * one table follow one another. */
struct reach {
    const struct named *table; /* the first of its name; NULL: none so far */
    bool *is_reached;          /* of each node */
    uint32_t *waiting;
    size_t visits; /* so far */
};

struct schema_graph {
    struct reach *reach;
    struct node *nodes;
    size_t count, room;
    struct names declared, references, tables, foreign, mentions;
    struct names aliases, enums; /* under the node of the declaration, in order: what it is called elsewhere */
    struct edge *edges;          /* under the node that is referred to: it gives its flags to the other */
    struct edge *forward;        /* the same, under the node that refers */
    size_t edge_count, edge_room;
    struct column *columns; /* of each table, one after another */
    size_t column_count, column_room;
    uint32_t column;             /* NO_NODE: none */
    uint32_t declaration, table; /* to which what follows belongs; NO_NODE: none */
    unsigned anywhere;           /* flags of what no name leads to */
    bool has_failed;
};

/* The first of this name, or where it would be; and whether it is there. */
const struct named *schema_graph_nodes_find(const struct names *list, struct text name);
bool schema_graph_nodes_is_of(const struct names *list, const struct named *it, struct text name);

/* The first edge of this node in one of the two orders, or where it would be. */
size_t schema_graph_nodes_first_edge(const struct schema_graph *graph, const struct edge *edges, uint32_t node);

#endif
