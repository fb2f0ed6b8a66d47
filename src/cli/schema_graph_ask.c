#include "cli/schema_graph_ask.h"

#include <string.h>

#include "cli/schema_graph_nodes.h"

enum snapshots_declared schema_graph_ask(const struct schema_graph *graph, struct text table, enum schema_part part,
                                         size_t *ret_most) {
    const struct named *it = schema_graph_nodes_find(&graph->tables, table);
    unsigned flags = graph->anywhere | (schema_graph_nodes_is_of(&graph->tables, it, table) ? 0 : IS_OPEN),
             given = graph->anywhere;
    size_t own = 0;
    bool is_declared = false;
    for (; schema_graph_nodes_is_of(&graph->tables, it, table); it++) {
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
    return schema_graph_nodes_is_of(&graph->tables, schema_graph_nodes_find(&graph->tables, table), table);
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
    const struct named *it = schema_graph_nodes_find(&graph->tables, table);
    enum snapshots_declared most =
        schema_graph_nodes_is_of(&graph->tables, it, table) ? SNAPSHOTS_ABSENT : SNAPSHOTS_UNSURE;
    for (; schema_graph_nodes_is_of(&graph->tables, it, table); it++) {
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
        for (size_t i = schema_graph_nodes_first_edge(graph, graph->forward, node);
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
    const struct named *first = schema_graph_nodes_find(&graph->tables, table),
                       *mention = schema_graph_nodes_find(&graph->mentions, column);
    struct reach *reach = graph->reach;
    if (!schema_graph_nodes_is_of(&graph->tables, first, table) || reach->visits > MOST_VISITS) {
        return SNAPSHOTS_UNSURE;
    }
    if (reach->table != first) {
        reach->table = first;
        memset(reach->is_reached, 0, graph->count);
        for (const struct named *it = first; schema_graph_nodes_is_of(&graph->tables, it, table); it++) {
            mark_from(graph, it->node);
        }
    }
    for (; schema_graph_nodes_is_of(&graph->mentions, mention, column); mention++) {
        if (reach->is_reached[mention->node]) {
            return SNAPSHOTS_DECLARED;
        }
    }
    unsigned flags = graph->anywhere;
    for (; schema_graph_nodes_is_of(&graph->tables, first, table); first++) {
        flags |= graph->nodes[first->node].flags;
    }
    return flags & IS_OPEN ? SNAPSHOTS_UNSURE : SNAPSHOTS_ABSENT;
}

bool schema_graph_code(const struct schema_graph *graph, struct text table, struct text column, struct text *ret_code) {
    bool is_found = false, is_one = true;
    for (const struct named *it = schema_graph_nodes_find(&graph->tables, table);
         schema_graph_nodes_is_of(&graph->tables, it, table); it++) {
        const struct node *node = &graph->nodes[it->node];
        for (size_t i = node->column; i < node->column_end; i++) {
            const struct column *other = &graph->columns[i];
            if (text_equal(other->name, column)) {
                is_one = is_one && (!is_found || text_equal(other->code, *ret_code));
                is_found = true;
                *ret_code = other->code;
            }
        }
    }
    return is_found && is_one;
}

/* The only name that a list has for this node. */
static bool name_of(const struct names *list, uint32_t node, struct text *ret_name) {
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->names[i].node == node) {
            *ret_name = list->names[i].name;
            count++;
        }
    }
    return count == 1;
}

static bool is_drizzles(const struct schema_graph *graph, struct text name) {
    return !schema_graph_nodes_is_of(&graph->declared, schema_graph_nodes_find(&graph->declared, name), name) &&
           !schema_graph_nodes_is_of(&graph->foreign, schema_graph_nodes_find(&graph->foreign, name), name);
}

bool schema_graph_function(const struct schema_graph *graph, struct text function, struct text *ret_name,
                           bool *ret_is_enum) {
    const struct named *it = schema_graph_nodes_find(&graph->declared, function);
    *ret_is_enum = false;
    if (graph->anywhere & IS_OPEN ||
        schema_graph_nodes_is_of(&graph->foreign, schema_graph_nodes_find(&graph->foreign, function), function)) {
        return false;
    }
    if (!schema_graph_nodes_is_of(&graph->declared, it, function)) {
        *ret_name = function;
        return true;
    }
    if (!schema_graph_nodes_is_of(&graph->declared, it + 1, function) && name_of(&graph->enums, it->node, ret_name)) {
        *ret_is_enum = true;
        return true;
    }
    struct text other = TEXT("");
    bool is_alias = true;
    for (; schema_graph_nodes_is_of(&graph->declared, it, function) && is_alias; it++) {
        is_alias = name_of(&graph->aliases, it->node, ret_name) &&
                   (other.length == 0 || text_equal(other, *ret_name)) && is_drizzles(graph, *ret_name);
        other = *ret_name;
    }
    return is_alias;
}
