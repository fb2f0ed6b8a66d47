#include "cli/schema_declarations.h"

#include <stdio.h>
#include <stdlib.h>

void schema_declarations_add_maker(struct schema_declarations *declarations, const struct schema_maker *maker) {
    declarations->is_known = declarations->is_known && maker && declarations->maker_count < SCHEMA_MAKERS;
    if (declarations->is_known) {
        declarations->makers[declarations->maker_count++] = *maker;
    }
}

void schema_declarations_add_imported(struct schema_declarations *declarations, struct text names) {
    struct text name, other;
    while (schema_text_imported(&names, &name, &other)) {
        if (other.length > 0 && text_ends(name, "TableCreator")) {
            declarations->is_known = false;
        } else if (other.length > 0 && schema_code_is_maker(name)) {
            schema_declarations_add_maker(declarations, &(struct schema_maker){.name = other, .of = name});
        }
    }
}

/* ---- tables ---- */

static void take_composed(void *context, enum schema_composed kind) {
    struct schema_declarations *declarations = context;
    declarations->is_known = declarations->is_known && kind != SCHEMA_COMPOSED_TABLE;
    declarations->has_composed_parts = true;
}

static bool is_maker(void *context, struct text word) {
    const struct schema_declarations *declarations = context;
    bool is_one = schema_code_is_maker(word);
    for (size_t i = 0; i < declarations->maker_count && !is_one; i++) {
        is_one = text_equal(declarations->makers[i].name, word);
    }
    return is_one;
}

static void add_table(struct schema_declarations *declarations, struct text name, char *composed) {
    schema_graph_table(declarations->graph, name);
    declarations->is_known = declarations->add_table(declarations->context, name, composed) && declarations->is_known;
}

/* Adds the table under the name that the maker composes. */
static void add_composed(struct schema_declarations *declarations, const struct schema_maker *maker, struct text name) {
    char *composed = NULL;
    int length =
        asprintf(&composed, "%.*s%.*s%.*s", TEXT_ARGS(maker->before), TEXT_ARGS(name), TEXT_ARGS(maker->after));
    if (length < 0) {
        declarations->is_known = false;
    } else {
        add_table(declarations, (struct text){composed, (size_t)length}, composed);
    }
}

/* Adds the table for each creator of this name. Returns whether there is one. */
static bool add_created(struct schema_declarations *declarations, struct text maker, struct text name) {
    bool is_created = false;
    for (size_t i = 0; i < declarations->maker_count; i++) {
        const struct schema_maker *it = &declarations->makers[i];
        if (it->of.length == 0 && text_equal(it->name, maker)) {
            add_composed(declarations, it, name);
            is_created = true;
        }
    }
    return is_created;
}

static void take_table(void *context, struct text maker, struct text name) {
    struct schema_declarations *declarations = context;
    if (text_is(maker, "pgEnum")) {
        schema_graph_enum(declarations->graph, name);
    }
    bool is_created = add_created(declarations, maker, name);
    for (size_t i = 0; i < declarations->maker_count; i++) {
        const struct schema_maker *it = &declarations->makers[i];
        if (it->of.length > 0 && text_equal(it->name, maker)) {
            is_created = add_created(declarations, it->of, name) || is_created;
        }
    }
    if (!is_created) {
        add_table(declarations, name, NULL);
    }
}

/* ---- what belongs to them ---- */

static struct schema_graph *graph_of(void *context) {
    return ((struct schema_declarations *)context)->graph;
}

static void take_table_end(void *context) {
    schema_graph_table_end(graph_of(context));
}

static void take_column(void *context) {
    schema_graph_column(graph_of(context));
}

static void take_column_end(void *context, struct text name, struct text function, struct text code, bool is_certain) {
    schema_graph_column_end(graph_of(context), name, function, code, is_certain);
}

static void take_columns_end(void *context, bool are_all) {
    schema_graph_columns_end(graph_of(context), are_all);
}

static void take_declaration(void *context) {
    schema_graph_declaration(graph_of(context));
}

static void take_name(void *context, struct text name) {
    schema_graph_name(graph_of(context), name);
}

static void take_alias(void *context, struct text name, struct text of) {
    schema_graph_alias(graph_of(context), name, of);
}

static void take_reference(void *context, struct text word) {
    schema_graph_reference(graph_of(context), word);
}

static void take_mention(void *context, struct text name) {
    schema_graph_mention(graph_of(context), name);
}

static void take_part(void *context, enum schema_part part) {
    schema_graph_part(graph_of(context), part);
}

void schema_declarations_scan(struct schema_declarations *declarations, struct text text) {
    const struct schema_code_found found = {
        .composed = take_composed,
        .is_maker = is_maker,
        .table = take_table,
        .table_end = take_table_end,
        .column = take_column,
        .column_end = take_column_end,
        .columns_end = take_columns_end,
        .declaration = take_declaration,
        .name = take_name,
        .alias = take_alias,
        .reference = take_reference,
        .mention = take_mention,
        .part = take_part,
        .context = declarations,
    };
    if (!schema_code_scan(text, &found)) {
        schema_graph_open(declarations->graph);
    }
}
