#include "cli/schema_graph.h"

#include <stdlib.h>
#include <string.h>

#include "cli/schema_graph_nodes.h"

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
        free(graph->aliases.names);
        free(graph->enums.names);
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
        add_name(graph, &graph->aliases, of, node);
    }
}

void schema_graph_enum(struct schema_graph *graph, struct text name) {
    if (graph->declaration != NO_NODE) {
        add_name(graph, &graph->enums, name, graph->declaration);
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

void schema_graph_column_end(struct schema_graph *graph, struct text name, struct text function, struct text code,
                             bool is_certain) {
    struct column *columns = grow(graph->columns, graph->column_count, &graph->column_room, sizeof *columns);
    graph->has_failed = graph->has_failed || !columns || graph->column == NO_NODE;
    if (!graph->has_failed) {
        struct node *table = &graph->nodes[graph->table];
        graph->columns = columns;
        table->column = table->column_end > 0 ? table->column : graph->column_count;
        graph->columns[graph->column_count++] = (struct column){name, function, code, graph->column, is_certain};
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
        const struct named *it = &graph->references.names[i], *group = schema_graph_nodes_find(&groups, it->name);
        if (schema_graph_nodes_is_of(&graph->foreign, schema_graph_nodes_find(&graph->foreign, it->name), it->name)) {
            graph->nodes[it->node].flags |= IS_OPEN;
        }
        if (schema_graph_nodes_is_of(&groups, group, it->name)) {
            add_edge(graph, it->node, group->node);
        }
    }
    for (size_t i = 0; i < graph->column_count; i++) {
        struct column *it = &graph->columns[i];
        bool is_own = schema_graph_nodes_is_of(&groups, schema_graph_nodes_find(&groups, it->function), it->function) ||
                      schema_graph_nodes_is_of(&graph->foreign, schema_graph_nodes_find(&graph->foreign, it->function),
                                               it->function);
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

/* Gives the flags of a node to those that refer to it, and remembers those that got some. */
static void give(struct schema_graph *graph, uint32_t node, uint32_t *waiting, bool *is_waiting, size_t *count) {
    for (size_t i = schema_graph_nodes_first_edge(graph, graph->edges, node);
         i < graph->edge_count && graph->edges[i].node == node; i++) {
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
