#include "cli/schema_graph_nodes.h"

#include "migfs/util/sorted.h"

struct name_sought {
    const struct names *list;
    struct text name;
};

static bool name_lies_before(const void *context, size_t position) {
    const struct name_sought *sought = context;
    return text_compare(sought->list->names[position].name, sought->name) < 0;
}

const struct named *schema_graph_nodes_find(const struct names *list, struct text name) {
    return list->names + sorted_find(list->count, name_lies_before, &(struct name_sought){list, name});
}

bool schema_graph_nodes_is_of(const struct names *list, const struct named *it, struct text name) {
    return it < list->names + list->count && text_equal(it->name, name);
}

struct edge_sought {
    const struct edge *edges;
    uint32_t node;
};

static bool edge_lies_before(const void *context, size_t position) {
    const struct edge_sought *sought = context;
    return sought->edges[position].node < sought->node;
}

size_t schema_graph_nodes_first_edge(const struct schema_graph *graph, const struct edge *edges, uint32_t node) {
    return sorted_find(graph->edge_count, edge_lies_before, &(struct edge_sought){edges, node});
}
