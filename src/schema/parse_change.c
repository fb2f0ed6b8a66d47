/* DROP, RENAME and SET SCHEMA, for every kind of object that has facts. */
#include "schema/parse_change.h"

#include <string.h>

/* The class of an object, as in EFFECT_DROP: a relation's relkind, T type, n schema, p policy, t
 * trigger, e extension, F function, a column, k constraint. NULL: objects of this kind have no
 * facts. */
static const char *class_of(struct text object) {
    static const char *const classes[][2] = {
        {"OBJECT_TABLE", "r"},        {"OBJECT_FOREIGN_TABLE", "r"}, {"OBJECT_INDEX", "i"},   {"OBJECT_SEQUENCE", "S"},
        {"OBJECT_VIEW", "v"},         {"OBJECT_MATVIEW", "m"},       {"OBJECT_TYPE", "T"},    {"OBJECT_DOMAIN", "T"},
        {"OBJECT_SCHEMA", "n"},       {"OBJECT_POLICY", "p"},        {"OBJECT_TRIGGER", "t"}, {"OBJECT_EXTENSION", "e"},
        {"OBJECT_FUNCTION", "F"},     {"OBJECT_PROCEDURE", "F"},     {"OBJECT_ROUTINE", "F"}, {"OBJECT_COLUMN", "a"},
        {"OBJECT_TABCONSTRAINT", "k"}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (text_is(object, classes[i][0])) {
            return classes[i][1];
        }
    }
    return NULL;
}

/* "t.policy" or "s.t.policy". */
static void drop_of_table(struct tree_walk *walk, const char *class, const cJSON *object, unsigned flags) {
    struct tree_list names = tree_strings(walk, tree_at(tree_as(object, "List"), "items"));
    size_t count = names.count;
    if (count < 2) {
        return;
    }
    if (count == 2) {
        for (size_t i = 0; i < walk->temporary.count; i++) {
            if (text_equal(walk->temporary.items[i], names.items[0])) {
                return;
            }
        }
    }
    tree_effect(walk, EFFECT_DROP, flags, text_of(class), count > 2 ? names.items[count - 3] : walk->schema,
                names.items[count - 1], names.items[count - 2], TEXT(""));
}

static struct text argument_types(struct tree_walk *walk, const cJSON *object) {
    const cJSON *with = tree_as(object, "ObjectWithArgs"), *types = tree_at(with, "objargs");
    struct buffer buffer = BUFFER(walk->arena);
    if (tree_flag(with, "args_unspecified")) {
        return TEXT("*");
    }
    for (const cJSON *item = types ? types->child : NULL; item; item = item->next) {
        bool is_serial;
        struct tree_path type = tree_type(walk, tree_as(item, "TypeName"), &is_serial);
        buffer_add(&buffer, type.name);
        buffer_add_char(&buffer, ',');
    }
    return text_slice(buffer_text(&buffer), 0, 1000);
}

static bool is_temporary_name(const struct tree_walk *walk, struct tree_path path) {
    for (size_t i = 0; path.schema.length == 0 && i < walk->temporary.count; i++) {
        if (text_equal(walk->temporary.items[i], path.name)) {
            return true;
        }
    }
    return text_is(path.schema, "pg_temp");
}

static void drop(struct tree_walk *walk, const cJSON *statement) {
    const char *class = class_of(tree_text(statement, "removeType"));
    const cJSON *objects = tree_at(statement, "objects");
    unsigned flags = (tree_flag(statement, "missing_ok") ? EFFECT_GUARDED : 0U) |
                     (tree_is(statement, "behavior", "DROP_CASCADE") ? EFFECT_CASCADE : 0U);
    for (const cJSON *object = class && objects ? objects->child : NULL; object; object = object->next) {
        struct tree_path path = tree_path_of(walk, object);
        if (*class == 'p' || *class == 't') {
            drop_of_table(walk, class, object, flags);
        } else if (*class == 'n' || *class == 'e') {
            tree_effect(walk, EFFECT_DROP, flags, text_of(class), TEXT(""), tree_name(tree_string(object)), TEXT(""),
                        TEXT(""));
        } else if (!is_temporary_name(walk, path)) {
            tree_effect(walk, EFFECT_DROP, flags, text_of(class), path.schema, path.name, TEXT(""),
                        argument_types(walk, object));
        }
    }
}

static void rename_object(struct tree_walk *walk, const cJSON *statement) {
    const char *class = class_of(tree_text(statement, "renameType"));
    const cJSON *range = tree_at(statement, "relation");
    struct text new = tree_name(tree_text(statement, "newname")), old = tree_name(tree_text(statement, "subname"));
    unsigned flags = tree_flag(statement, "missing_ok") ? EFFECT_GUARDED : 0U;
    if (!class || tree_is_temporary(walk, range) || tree_is(statement, "relationType", "OBJECT_TYPE")) {
        return;
    }
    struct tree_path path = range ? tree_range(walk, range) : tree_path_of(walk, tree_at(statement, "object"));
    bool is_of_view =
        tree_is(statement, "relationType", "OBJECT_VIEW") || tree_is(statement, "relationType", "OBJECT_MATVIEW");
    if (*class == 'a' && is_of_view) { /* the columns of views have no facts */
        tree_effect(walk, EFFECT_ALTER, flags, path.schema, path.name);
    } else if (strchr("aktp", *class)) {
        tree_effect(walk, EFFECT_ALTER, flags, path.schema, path.name);
        tree_effect(walk, EFFECT_RENAME, flags, text_of(class), path.schema, old, new, path.name);
    } else {
        tree_effect(walk, EFFECT_RENAME, flags, text_of(class), path.schema, *class == 'n' ? old : path.name, new,
                    TEXT(""));
    }
}

static void set_schema(struct tree_walk *walk, const cJSON *statement) {
    const char *class = class_of(tree_text(statement, "objectType"));
    const cJSON *range = tree_at(statement, "relation");
    if (class && *class != 'e') {
        struct tree_path path = range ? tree_range(walk, range) : tree_path_of(walk, tree_at(statement, "object"));
        tree_effect(walk, EFFECT_SET_SCHEMA, tree_flag(statement, "missing_ok") ? EFFECT_GUARDED : 0U, text_of(class),
                    path.schema, path.name, tree_name(tree_text(statement, "newschema")));
    }
}

bool parse_change(struct tree_walk *walk, const cJSON *node) {
    const cJSON *is;
    if ((is = tree_as(node, "DropStmt"))) {
        drop(walk, is);
    } else if ((is = tree_as(node, "RenameStmt"))) {
        rename_object(walk, is);
    } else if ((is = tree_as(node, "AlterObjectSchemaStmt"))) {
        set_schema(walk, is);
    } else {
        return false;
    }
    return true;
}
