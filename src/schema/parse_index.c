/* FigureIndexColname() and ChooseIndexColumnNames() of PostgreSQL 15: the parts of an index's name. */
#include "schema/parse_index.h"

/* ---- the names of an index's parts ---- */

/* A name for an expression, as for a column of a SELECT: *ret_name, and how strong it is (0: none). */
static int figure_name(const cJSON *node, struct text *ret_name);

static int last_string(const cJSON *list, struct text *ret_name) {
    int found = 0;
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
        if (tree_as(item, "String")) {
            *ret_name = tree_string(item);
            found = 2;
        }
    }
    return found;
}

static int figure_cast(const cJSON *cast, struct text *ret_name) {
    int strength = figure_name(tree_at(cast, "arg"), ret_name);
    if (strength <= 1 && last_string(tree_at(tree_at(cast, "typeName"), "names"), ret_name)) {
        strength = 1;
    }
    return strength;
}

static int figure_case(const cJSON *node, struct text *ret_name) {
    int strength = figure_name(tree_at(node, "defresult"), ret_name);
    if (strength <= 1) {
        *ret_name = TEXT("case");
        strength = 1;
    }
    return strength;
}

static int figure_value_function(const cJSON *node, struct text *ret_name) {
    static const char *const names[][2] = {
        {"SVFOP_CURRENT_DATE", "current_date"},           {"SVFOP_CURRENT_TIME", "current_time"},
        {"SVFOP_CURRENT_TIMESTAMP", "current_timestamp"}, {"SVFOP_LOCALTIME", "localtime"},
        {"SVFOP_LOCALTIMESTAMP", "localtimestamp"},       {"SVFOP_CURRENT_ROLE", "current_role"},
        {"SVFOP_CURRENT_USER", "current_user"},           {"SVFOP_USER", "user"},
        {"SVFOP_SESSION_USER", "session_user"},           {"SVFOP_CURRENT_CATALOG", "current_catalog"},
        {"SVFOP_CURRENT_SCHEMA", "current_schema"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (tree_is(node, "op", names[i][0])) {
            *ret_name = text_of(names[i][1]);
            return 2;
        }
    }
    return 0;
}

static int figure_fixed(const cJSON *node, struct text *ret_name) {
    static const char *const fixed[][2] = {
        {"A_ArrayExpr", "array"}, {"RowExpr", "row"}, {"CoalesceExpr", "coalesce"}, {"XmlSerialize", "xmlserialize"}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (tree_as(node, fixed[i][0])) {
            *ret_name = text_of(fixed[i][1]);
            return 2;
        }
    }
    return 0;
}

static int figure_name(const cJSON *node, struct text *ret_name) {
    const cJSON *is;
    if ((is = tree_as(node, "ColumnRef"))) {
        return last_string(tree_at(is, "fields"), ret_name);
    }
    if ((is = tree_as(node, "A_Indirection"))) {
        int found = last_string(tree_at(is, "indirection"), ret_name);
        return found ? found : figure_name(tree_at(is, "arg"), ret_name);
    }
    if ((is = tree_as(node, "FuncCall"))) {
        return last_string(tree_at(is, "funcname"), ret_name);
    }
    if ((is = tree_as(node, "A_Expr")) && tree_is(is, "kind", "AEXPR_NULLIF")) {
        *ret_name = TEXT("nullif");
        return 2;
    }
    if ((is = tree_as(node, "TypeCast"))) {
        return figure_cast(is, ret_name);
    }
    if ((is = tree_as(node, "CollateClause"))) {
        return figure_name(tree_at(is, "arg"), ret_name);
    }
    if ((is = tree_as(node, "CaseExpr"))) {
        return figure_case(is, ret_name);
    }
    if ((is = tree_as(node, "MinMaxExpr"))) {
        *ret_name = tree_is(is, "op", "IS_LEAST") ? TEXT("least") : TEXT("greatest");
        return 2;
    }
    if ((is = tree_as(node, "SQLValueFunction"))) {
        return figure_value_function(is, ret_name);
    }
    return figure_fixed(node, ret_name);
}

/* Adds the name of one part; a repeated name gets a number. */
static void add_part(struct tree_walk *walk, struct tree_list *parts, struct text name) {
    size_t before = parts->count;
    struct text tried = name;
    for (int number = 1; parts->count == before && number < TREE_LIST_MAXIMUM; number++) {
        tree_add(walk, parts, tried);
        struct text cut = name;
        do {
            tried = text_format(walk->arena, "%.*s%d", TEXT_ARGS(cut), number);
            cut = tree_name(text_slice(cut, 0, cut.length - 1));
        } while (tried.length > 63);
    }
}

void parse_index_elements(struct tree_walk *walk, const cJSON *elements, struct tree_list *parts,
                          struct tree_list *columns) {
    for (const cJSON *item = elements ? elements->child : NULL; item; item = item->next) {
        const cJSON *list = tree_as(item, "List"), *element = tree_as(item, "IndexElem");
        element = element ? element : tree_as(list ? tree_at(list, "items")->child : NULL, "IndexElem");
        struct text name = tree_name(tree_text(element, "name"));
        if (name.length > 0) {
            tree_add(walk, columns, name);
        } else if (!figure_name(tree_at(element, "expr"), &name)) {
            name = TEXT("expr");
        }
        tree_columns(walk, tree_at(element, "expr"), columns);
        add_part(walk, parts, tree_name(name));
    }
}
