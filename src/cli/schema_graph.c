#include "cli/schema_graph.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/util/sorted.h"

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
    struct edge *edges;   /* under the node that is referred to: it gives its flags to the other */
    struct edge *forward; /* the same, under the node that refers */
    size_t edge_count, edge_room;
    struct column *columns; /* of each table, one after another */
    size_t column_count, column_room;
    uint32_t column;             /* NO_NODE: none */
    uint32_t declaration, table; /* to which what follows belongs; NO_NODE: none */
    unsigned anywhere;           /* flags of what no name leads to */
    bool has_failed;
};

struct schema_graph *schema_graph_create(void) {
    struct schema_graph *graph = calloc(1, sizeof *graph);
    if (graph) {
        graph->declaration = graph->table = graph->column = NO_NODE;
    }
    return graph;
}

void schema_graph_destroy(struct schema_graph *graph) {
    if (graph) {
        if (graph->reach) {
            free(graph->reach->is_reached);
            free(graph->reach->waiting);
            free(graph->reach);
        }
        free(graph->nodes);
        free(graph->declared.names);
        free(graph->references.names);
        free(graph->tables.names);
        free(graph->foreign.names);
        free(graph->mentions.names);
        free(graph->edges);
        free(graph->forward);
        free(graph->columns);
        free(graph);
    }
}

/* ---- growing ---- */

/* Returns the array with room for one more; NULL if memory is lacking. */
static void *grow(void *array, size_t count, size_t *room, size_t size) {
    if (count < *room) {
        return array;
    }
    size_t more = *room > 0 ? 2 * *room : 64;
    void *grown = more < UINT32_MAX ? reallocarray(array, more, size) : NULL;
    *room = grown ? more : *room;
    return grown;
}

static void add_name(struct schema_graph *graph, struct names *list, struct text name, uint32_t node) {
    struct named *names = grow(list->names, list->count, &list->room, sizeof *names);
    graph->has_failed = graph->has_failed || !names;
    if (names) {
        list->names = names;
        list->names[list->count++] = (struct named){name, node};
    }
}

static uint32_t add_node(struct schema_graph *graph) {
    struct node *nodes = grow(graph->nodes, graph->count, &graph->room, sizeof *nodes);
    graph->has_failed = graph->has_failed || !nodes;
    if (!nodes) {
        return NO_NODE;
    }
    graph->nodes = nodes;
    graph->nodes[graph->count] = (struct node){0};
    return (uint32_t)graph->count++;
}

static void add_edge(struct schema_graph *graph, uint32_t from, uint32_t to) {
    struct edge *edges = grow(graph->edges, graph->edge_count, &graph->edge_room, sizeof *edges);
    graph->has_failed = graph->has_failed || !edges;
    if (edges) {
        graph->edges = edges;
        graph->edges[graph->edge_count++] = (struct edge){to, from};
    }
}

/* ---- what is found ---- */

static uint32_t current(const struct schema_graph *graph) {
    return graph->column != NO_NODE ? graph->column : graph->table != NO_NODE ? graph->table : graph->declaration;
}

void schema_graph_declaration(struct schema_graph *graph) {
    graph->declaration = add_node(graph);
    graph->table = graph->column = NO_NODE;
}

void schema_graph_name(struct schema_graph *graph, struct text name) {
    if (graph->declaration != NO_NODE) {
        graph->nodes[graph->declaration].is_named = true;
        add_name(graph, &graph->declared, name, graph->declaration);
    }
}

void schema_graph_alias(struct schema_graph *graph, struct text name, struct text of) {
    uint32_t node = add_node(graph);
    if (node != NO_NODE) {
        graph->nodes[node] = (struct node){.flags = schema_code_parts(of), .is_named = true};
        add_name(graph, &graph->declared, name, node);
        add_name(graph, &graph->references, of, node);
    }
}

void schema_graph_reference(struct schema_graph *graph, struct text word) {
    if (current(graph) != NO_NODE) {
        add_name(graph, &graph->references, word, current(graph));
    }
}

void schema_graph_mention(struct schema_graph *graph, struct text name) {
    if (current(graph) != NO_NODE) {
        add_name(graph, &graph->mentions, name, current(graph));
    }
}

void schema_graph_part(struct schema_graph *graph, enum schema_part part) {
    if (current(graph) != NO_NODE) {
        graph->nodes[current(graph)].flags |= 1U << part;
        graph->nodes[graph->table != NO_NODE ? graph->table : graph->declaration].own[part]++;
    }
}

/* A table that is declared within something else, as in a function, may use what that declares. */
void schema_graph_table(struct schema_graph *graph, struct text name) {
    if (graph->table == NO_NODE) {
        graph->table = add_node(graph);
        if (graph->table != NO_NODE && graph->declaration != NO_NODE) {
            graph->nodes[graph->table].is_named = true;
            add_edge(graph, graph->table, graph->declaration);
        }
    }
    add_name(graph, &graph->tables, name, graph->table);
}

void schema_graph_table_end(struct schema_graph *graph) {
    graph->table = graph->column = NO_NODE;
}

void schema_graph_column(struct schema_graph *graph) {
    graph->column = graph->table != NO_NODE ? add_node(graph) : NO_NODE;
    if (graph->column != NO_NODE) {
        graph->nodes[graph->column].is_named = graph->nodes[graph->column].is_column = true;
        add_edge(graph, graph->table, graph->column);
    }
}

void schema_graph_column_end(struct schema_graph *graph, struct text name, struct text function, bool is_certain) {
    struct column *columns = grow(graph->columns, graph->column_count, &graph->column_room, sizeof *columns);
    graph->has_failed = graph->has_failed || !columns || graph->column == NO_NODE;
    if (!graph->has_failed) {
        struct node *table = &graph->nodes[graph->table];
        graph->columns = columns;
        table->column = table->column_end > 0 ? table->column : graph->column_count;
        graph->columns[graph->column_count++] = (struct column){name, function, graph->column, is_certain};
        table->column_end = graph->column_count;
    }
    graph->column = NO_NODE;
}

void schema_graph_columns_end(struct schema_graph *graph, bool are_all) {
    if (graph->table != NO_NODE) {
        graph->nodes[graph->table].has_all_columns = are_all;
    }
}

void schema_graph_foreign(struct schema_graph *graph, struct text name) {
    add_name(graph, &graph->foreign, name, NO_NODE);
}

void schema_graph_open(struct schema_graph *graph) {
    graph->anywhere |= IS_OPEN;
}

/* ---- following ---- */

static int compare_named(const void *a, const void *b) {
    const struct named *left = a, *right = b;
    return text_compare(left->name, right->name);
}

static int compare_edges(const void *a, const void *b) {
    const struct edge *left = a, *right = b;
    return (left->node > right->node) - (left->node < right->node);
}

static void sort(struct names *list) {
    if (list->count > 0) {
        qsort(list->names, list->count, sizeof *list->names, compare_named);
    }
}

struct name_sought {
    const struct names *list;
    struct text name;
};

static bool name_lies_before(const void *context, size_t position) {
    const struct name_sought *sought = context;
    return text_compare(sought->list->names[position].name, sought->name) < 0;
}

/* The first of this name, or where it would be. */
static const struct named *find(const struct names *list, struct text name) {
    return list->names + sorted_find(list->count, name_lies_before, &(struct name_sought){list, name});
}

static bool is_of(const struct names *list, const struct named *it, struct text name) {
    return it < list->names + list->count && text_equal(it->name, name);
}

/* A name leads to all declarations of it by a node of its own, so that there are not more edges than
 * references and declarations. */
static void add_edges(struct schema_graph *graph) {
    struct names groups = {0};
    for (size_t i = 0; i < graph->declared.count && !graph->has_failed; i++) {
        const struct named *it = &graph->declared.names[i];
        if (i == 0 || !text_equal(it->name, it[-1].name)) {
            add_name(graph, &groups, it->name, add_node(graph));
        }
        if (!graph->has_failed) {
            uint32_t group = groups.names[groups.count - 1].node;
            graph->nodes[group].is_named = true;
            add_edge(graph, group, it->node);
        }
    }
    for (size_t i = 0; i < graph->references.count && !graph->has_failed; i++) {
        const struct named *it = &graph->references.names[i], *group = find(&groups, it->name);
        if (is_of(&graph->foreign, find(&graph->foreign, it->name), it->name)) {
            graph->nodes[it->node].flags |= IS_OPEN;
        }
        if (is_of(&groups, group, it->name)) {
            add_edge(graph, it->node, group->node);
        }
    }
    for (size_t i = 0; i < graph->column_count; i++) {
        struct column *it = &graph->columns[i];
        bool is_own = is_of(&groups, find(&groups, it->function), it->function) ||
                      is_of(&graph->foreign, find(&graph->foreign, it->function), it->function);
        it->is_certain = it->is_certain && !is_own;
    }
    free(groups.names);
    if (graph->edge_count > 0) {
        graph->forward = calloc(graph->edge_count, sizeof *graph->forward);
        graph->has_failed = graph->has_failed || !graph->forward;
        qsort(graph->edges, graph->edge_count, sizeof *graph->edges, compare_edges);
    }
    if (graph->forward) {
        for (size_t i = 0; i < graph->edge_count; i++) {
            graph->forward[i] = (struct edge){graph->edges[i].other, graph->edges[i].node};
        }
        qsort(graph->forward, graph->edge_count, sizeof *graph->forward, compare_edges);
    }
}

struct edge_sought {
    const struct edge *edges;
    uint32_t node;
};

static bool edge_lies_before(const void *context, size_t position) {
    const struct edge_sought *sought = context;
    return sought->edges[position].node < sought->node;
}

/* The first edge of this node in one of the two orders, or where it would be. */
static size_t first_edge(const struct schema_graph *graph, const struct edge *edges, uint32_t node) {
    return sorted_find(graph->edge_count, edge_lies_before, &(struct edge_sought){edges, node});
}

/* Gives the flags of a node to those that refer to it, and remembers those that got some. */
static void give(struct schema_graph *graph, uint32_t node, uint32_t *waiting, bool *is_waiting, size_t *count) {
    for (size_t i = first_edge(graph, graph->edges, node); i < graph->edge_count && graph->edges[i].node == node; i++) {
        uint32_t from = graph->edges[i].other;
        unsigned flags = graph->nodes[from].flags | graph->nodes[node].flags;
        if (flags != graph->nodes[from].flags && !is_waiting[from]) {
            waiting[(*count)++] = from;
            is_waiting[from] = true;
        }
        graph->nodes[from].flags = flags;
        graph->nodes[from].given |= graph->nodes[node].is_column ? graph->nodes[node].given : graph->nodes[node].flags;
    }
}

bool schema_graph_follow(struct schema_graph *graph) {
    sort(&graph->declared);
    sort(&graph->tables);
    sort(&graph->foreign);
    sort(&graph->mentions);
    add_edges(graph);
    uint32_t *waiting = calloc(graph->count + 1, sizeof *waiting);
    bool *is_waiting = calloc(graph->count + 1, sizeof *is_waiting);
    graph->has_failed = graph->has_failed || !waiting || !is_waiting;
    size_t count = 0;
    for (uint32_t i = 0; i < graph->count && !graph->has_failed; i++) {
        const struct node *it = &graph->nodes[i];
        graph->anywhere |= it->is_named ? 0 : it->flags & (IS_OPEN - 1U);
        if (it->flags != 0) {
            waiting[count++] = i;
            is_waiting[i] = true;
        }
    }
    while (count > 0) {
        uint32_t node = waiting[--count];
        is_waiting[node] = false;
        give(graph, node, waiting, is_waiting, &count);
    }
    free(waiting);
    free(is_waiting);
    struct reach *reach = graph->reach = calloc(1, sizeof *reach);
    if (reach) {
        reach->is_reached = calloc(graph->count + 1, sizeof *reach->is_reached);
        reach->waiting = calloc(graph->count + 1, sizeof *reach->waiting);
    }
    return !graph->has_failed && reach && reach->is_reached && reach->waiting;
}

enum snapshots_declared schema_graph_ask(const struct schema_graph *graph, struct text table, enum schema_part part,
                                         size_t *ret_most) {
    const struct named *it = find(&graph->tables, table);
    unsigned flags = graph->anywhere | (is_of(&graph->tables, it, table) ? 0 : IS_OPEN), given = graph->anywhere;
    size_t own = 0;
    bool is_declared = false;
    for (; is_of(&graph->tables, it, table); it++) {
        const struct node *node = &graph->nodes[it->node];
        is_declared = is_declared || (node->flags & 1U << part);
        flags |= node->flags;
        given |= node->given;
        own += node->own[part];
    }
    *ret_most = given & (IS_OPEN | 1U << part) ? SIZE_MAX : own;
    return is_declared ? SNAPSHOTS_DECLARED : flags & (IS_OPEN | 1U << part) ? SNAPSHOTS_UNSURE : SNAPSHOTS_ABSENT;
}

bool schema_graph_has_table(const struct schema_graph *graph, struct text table) {
    return is_of(&graph->tables, find(&graph->tables, table), table);
}

static enum snapshots_declared ask_flags(const struct schema_graph *graph, unsigned flags, enum schema_part part) {
    return (flags | graph->anywhere) & (IS_OPEN | 1U << part) ? SNAPSHOTS_UNSURE : SNAPSHOTS_ABSENT;
}

/* Whether this declaration of the table declares the column. A function of the project may give it
 * any name. */
static enum snapshots_declared ask_node(const struct schema_graph *graph, const struct node *table, struct text name,
                                        enum schema_part part) {
    bool are_certain = table->has_all_columns && (graph->anywhere & IS_OPEN) == 0;
    for (size_t i = table->column; i < table->column_end; i++) {
        const struct column *it = &graph->columns[i];
        unsigned flags = graph->nodes[it->node].flags;
        if (text_equal(it->name, name)) {
            return part == SCHEMA_PART_COUNT || (flags & 1U << part) ? SNAPSHOTS_DECLARED
                                                                     : ask_flags(graph, flags, part);
        }
        are_certain = are_certain && it->is_certain;
    }
    return are_certain                 ? SNAPSHOTS_ABSENT
           : part == SCHEMA_PART_COUNT ? SNAPSHOTS_UNSURE
                                       : ask_flags(graph, table->flags, part);
}

enum snapshots_declared schema_graph_ask_column(const struct schema_graph *graph, struct text table, struct text column,
                                                enum schema_part part) {
    const struct named *it = find(&graph->tables, table);
    enum snapshots_declared most = is_of(&graph->tables, it, table) ? SNAPSHOTS_ABSENT : SNAPSHOTS_UNSURE;
    for (; is_of(&graph->tables, it, table); it++) {
        enum snapshots_declared declared = ask_node(graph, &graph->nodes[it->node], column, part);
        most = declared > most ? declared : most;
    }
    return most;
}

/* Marks all nodes to which the node leads. */
static void mark_from(const struct schema_graph *graph, uint32_t from) {
    struct reach *reach = graph->reach;
    size_t count = 0;
    reach->waiting[count++] = from;
    reach->is_reached[from] = true;
    while (count > 0) {
        uint32_t node = reach->waiting[--count];
        reach->visits++;
        for (size_t i = first_edge(graph, graph->forward, node);
             i < graph->edge_count && graph->forward[i].node == node; i++) {
            uint32_t to = graph->forward[i].other;
            if (!reach->is_reached[to]) {
                reach->is_reached[to] = true;
                reach->waiting[count++] = to;
            }
        }
    }
}

enum snapshots_declared schema_graph_ask_mention(const struct schema_graph *graph, struct text table,
                                                 struct text column) {
    enum { MOST_VISITS = 20000000 }; /* some seconds */
    const struct named *first = find(&graph->tables, table), *mention = find(&graph->mentions, column);
    struct reach *reach = graph->reach;
    if (!is_of(&graph->tables, first, table) || reach->visits > MOST_VISITS) {
        return SNAPSHOTS_UNSURE;
    }
    if (reach->table != first) {
        reach->table = first;
        memset(reach->is_reached, 0, graph->count);
        for (const struct named *it = first; is_of(&graph->tables, it, table); it++) {
            mark_from(graph, it->node);
        }
    }
    for (; is_of(&graph->mentions, mention, column); mention++) {
        if (reach->is_reached[mention->node]) {
            return SNAPSHOTS_DECLARED;
        }
    }
    unsigned flags = graph->anywhere;
    for (; is_of(&graph->tables, first, table); first++) {
        flags |= graph->nodes[first->node].flags;
    }
    return flags & IS_OPEN ? SNAPSHOTS_UNSURE : SNAPSHOTS_ABSENT;
}
