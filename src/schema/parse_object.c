/* The other CREATE statements: schemas, types, views, sequences, policies, triggers, functions,
 * extensions. */
#include "schema/parse_object.h"

#include <string.h>

#include "schema/parse_opaque.h"

/* ---- views ---- */

/* Adds the relations that a query reads: dropping one of them drops the view. */
static void add_uses(struct tree_walk *walk, struct tree_path view, const cJSON *node) {
    for (const cJSON *child = node ? node->child : NULL; child; child = child->next) {
        if (child->string && strcmp(child->string, "RangeVar") == 0) {
            struct tree_path path = tree_range(walk, child);
            tree_effect(walk, EFFECT_USES, EFFECT_NEW, view.schema, view.name, path.schema, path.name);
        } else {
            add_uses(walk, view, child);
        }
    }
}

static void create_relation(struct tree_walk *walk, const cJSON *range, const char *relkind, const cJSON *query,
                            unsigned flags) {
    struct tree_path path = tree_range(walk, range);
    if (tree_is_temporary(walk, range)) {
        tree_add_temporary(walk, path.name);
        return;
    }
    tree_effect(walk, EFFECT_RELATION, flags, path.schema, path.name, text_of(relkind));
    if (strcmp(relkind, "r") != 0) {
        add_uses(walk, path, query);
    }
}

static void create_view(struct tree_walk *walk, const cJSON *is) {
    create_relation(walk, tree_at(is, "view"), "v", tree_at(is, "query"),
                    tree_flag(is, "replace") ? EFFECT_REPLACE : 0U);
}

static void create_table_as(struct tree_walk *walk, const cJSON *is) {
    create_relation(walk, tree_at(tree_at(is, "into"), "rel"), tree_is(is, "objtype", "OBJECT_MATVIEW") ? "m" : "r",
                    tree_at(is, "query"), tree_flag(is, "if_not_exists") ? EFFECT_GUARDED : 0U);
}

/* ---- sequences ---- */

static void own_sequence(struct tree_walk *walk, struct tree_path sequence, const cJSON *options) {
    for (const cJSON *item = options ? options->child : NULL; item; item = item->next) {
        const cJSON *option = tree_as(item, "DefElem"), *list = tree_as(tree_at(option, "arg"), "List");
        if (!tree_is(option, "defname", "owned_by")) {
            continue;
        }
        struct tree_list names = tree_strings(walk, tree_at(list, "items"));
        size_t count = names.count;
        if (count < 2) {
            tree_effect(walk, EFFECT_OWNED_BY, EFFECT_NEW, sequence.schema, sequence.name, TEXT(""), TEXT(""),
                        TEXT(""));
        } else {
            tree_effect(walk, EFFECT_OWNED_BY, EFFECT_NEW, sequence.schema, sequence.name,
                        count > 2 ? names.items[count - 3] : walk->schema, names.items[count - 2],
                        names.items[count - 1]);
        }
    }
}

static void create_sequence(struct tree_walk *walk, const cJSON *is) {
    create_relation(walk, tree_at(is, "sequence"), "S", NULL, tree_flag(is, "if_not_exists") ? EFFECT_GUARDED : 0U);
    if (!tree_is_temporary(walk, tree_at(is, "sequence"))) {
        own_sequence(walk, tree_range(walk, tree_at(is, "sequence")), tree_at(is, "options"));
    }
}

static void alter_sequence(struct tree_walk *walk, const cJSON *is) {
    struct tree_path path = tree_range(walk, tree_at(is, "sequence"));
    tree_effect(walk, EFFECT_ALTER, tree_flag(is, "missing_ok") ? EFFECT_GUARDED : 0U, path.schema, path.name);
    own_sequence(walk, path, tree_at(is, "options"));
}

/* ---- types ---- */

static void create_type(struct tree_walk *walk, struct tree_path path, const char *typtype) {
    tree_effect(walk, EFFECT_TYPE, 0, path.schema, path.name, text_of(typtype));
}

static void create_enum(struct tree_walk *walk, const cJSON *is) {
    struct tree_path path = tree_path_of(walk, tree_at(is, "typeName"));
    const cJSON *values = tree_at(is, "vals");
    create_type(walk, path, "e");
    for (const cJSON *value = values ? values->child : NULL; value; value = value->next) {
        tree_effect(walk, EFFECT_VALUE, EFFECT_NEW, path.schema, path.name, tree_string(value));
    }
}

static void alter_enum(struct tree_walk *walk, const cJSON *is) {
    struct tree_path path = tree_path_of(walk, tree_at(is, "typeName"));
    struct text old = tree_text(is, "oldVal"), new = tree_text(is, "newVal");
    if (old.length > 0) {
        tree_effect(walk, EFFECT_VALUE_RENAMED, 0, path.schema, path.name, old, new);
    } else {
        tree_effect(walk, EFFECT_VALUE, tree_flag(is, "skipIfNewValExists") ? EFFECT_GUARDED : 0U, path.schema,
                    path.name, new);
    }
}

static void create_domain(struct tree_walk *walk, const cJSON *is) {
    bool is_serial;
    struct tree_path path = tree_path_of(walk, tree_at(is, "domainname")),
                     base = tree_type(walk, tree_at(is, "typeName"), &is_serial);
    tree_effect(walk, EFFECT_TYPE, 0, path.schema, path.name, TEXT("d"), base.schema, base.name);
}

/* ---- of a table ---- */

/* True if an expression reads a relation. */
static bool reads_relation(const cJSON *node) {
    bool reads = false;
    for (const cJSON *child = node ? node->child : NULL; child && !reads; child = child->next) {
        reads = (child->string && strcmp(child->string, "RangeVar") == 0) || reads_relation(child);
    }
    return reads;
}

static void create_on_table(struct tree_walk *walk, enum effect_kind kind, const cJSON *range, struct text name,
                            bool reads, unsigned flags) {
    if (!tree_is_temporary(walk, range)) {
        struct tree_path table = tree_range(walk, range);
        tree_effect(walk, EFFECT_ALTER, 0, table.schema, table.name);
        tree_effect(walk, kind, flags, table.schema, table.name, tree_name(name), reads ? TEXT("t") : TEXT("f"));
    }
}

/* ---- functions ---- */

static void create_function(struct tree_walk *walk, const cJSON *is) {
    struct tree_path path = tree_path_of(walk, tree_at(is, "funcname"));
    const cJSON *parameters = tree_at(is, "parameters");
    struct buffer types = BUFFER(walk->arena);
    for (const cJSON *item = parameters ? parameters->child : NULL; item; item = item->next) {
        const cJSON *parameter = tree_as(item, "FunctionParameter");
        bool is_serial;
        if (!tree_is(parameter, "mode", "FUNC_PARAM_OUT") && !tree_is(parameter, "mode", "FUNC_PARAM_TABLE")) {
            struct tree_path type = tree_type(walk, tree_at(parameter, "argType"), &is_serial);
            buffer_add(&types, type.name);
            buffer_add_char(&types, ',');
        }
    }
    tree_effect(walk, EFFECT_FUNCTION, tree_flag(is, "replace") ? EFFECT_REPLACE : 0U, path.schema, path.name,
                text_slice(buffer_text(&types), 0, 1000));
}

static void create_schema(struct tree_walk *walk, const cJSON *is) {
    const cJSON *elements = tree_at(is, "schemaElts");
    struct text name = tree_name(tree_text(is, "schemaname")), before = walk->schema;
    name = name.length > 0 ? name : tree_name(tree_text(tree_at(is, "authrole"), "rolename"));
    if (name.length == 0) {
        parse_opaque(walk, "makes a schema named after the role that runs it", TEXT(""));
        return;
    }
    tree_effect(walk, EFFECT_SCHEMA, tree_flag(is, "if_not_exists") ? EFFECT_GUARDED : 0U, name);
    walk->schema = name;
    for (const cJSON *element = elements ? elements->child : NULL; element; element = element->next) {
        walk->statement(walk, element);
    }
    walk->schema = before;
}

static bool parse_type(struct tree_walk *walk, const cJSON *node) {
    const cJSON *is;
    if ((is = tree_as(node, "CreateEnumStmt"))) {
        create_enum(walk, is);
    } else if ((is = tree_as(node, "AlterEnumStmt"))) {
        alter_enum(walk, is);
    } else if ((is = tree_as(node, "CreateDomainStmt"))) {
        create_domain(walk, is);
    } else if ((is = tree_as(node, "CompositeTypeStmt"))) {
        create_type(walk, tree_range(walk, tree_at(is, "typevar")), "c");
    } else if ((is = tree_as(node, "CreateRangeStmt"))) {
        create_type(walk, tree_path_of(walk, tree_at(is, "typeName")), "r");
    } else {
        return false;
    }
    return true;
}

static bool parse_relation(struct tree_walk *walk, const cJSON *node) {
    const cJSON *is;
    if ((is = tree_as(node, "ViewStmt"))) {
        create_view(walk, is);
    } else if ((is = tree_as(node, "CreateTableAsStmt"))) {
        create_table_as(walk, is);
    } else if ((is = tree_as(node, "CreateSeqStmt"))) {
        create_sequence(walk, is);
    } else if ((is = tree_as(node, "AlterSeqStmt"))) {
        alter_sequence(walk, is);
    } else {
        return false;
    }
    return true;
}

bool parse_object(struct tree_walk *walk, const cJSON *node) {
    const cJSON *is;
    if (parse_type(walk, node) || parse_relation(walk, node)) {
        return true;
    }
    if ((is = tree_as(node, "CreateSchemaStmt"))) {
        create_schema(walk, is);
    } else if ((is = tree_as(node, "CreatePolicyStmt"))) {
        create_on_table(walk, EFFECT_POLICY, tree_at(is, "table"), tree_text(is, "policy_name"),
                        reads_relation(tree_at(is, "qual")) || reads_relation(tree_at(is, "with_check")), 0);
    } else if ((is = tree_as(node, "CreateTrigStmt"))) {
        create_on_table(walk, EFFECT_TRIGGER, tree_at(is, "relation"), tree_text(is, "trigname"), false,
                        tree_flag(is, "replace") ? EFFECT_REPLACE : 0U);
    } else if ((is = tree_as(node, "CreateExtensionStmt"))) {
        tree_effect(walk, EFFECT_EXTENSION, tree_flag(is, "if_not_exists") ? EFFECT_GUARDED : 0U,
                    tree_name(tree_text(is, "extname")));
    } else if ((is = tree_as(node, "CreateFunctionStmt"))) {
        create_function(walk, is);
    } else {
        return false;
    }
    return true;
}
