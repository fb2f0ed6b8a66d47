/* Reads parse trees: node shapes common to many statements. */
#include "schema/tree.h"

#include <string.h>

/* Compares the first letters inline: most keys differ there, and this is the hottest test. */
static bool is_key(const cJSON *node, const char *key) {
    return node->string && node->string[0] == key[0] && strcmp(node->string, key) == 0;
}

const cJSON *tree_at(const cJSON *node, const char *key) {
    const cJSON *member = node ? node->child : NULL;
    while (member && !is_key(member, key)) {
        member = member->next;
    }
    return member;
}

const cJSON *tree_as(const cJSON *node, const char *kind) {
    return node && node->child && is_key(node->child, kind) ? node->child : NULL;
}

struct text tree_text(const cJSON *node, const char *key) {
    const cJSON *member = tree_at(node, key);
    return cJSON_IsString(member) ? text_of(member->valuestring) : TEXT("");
}

bool tree_is(const cJSON *node, const char *key, const char *value) {
    const cJSON *member = tree_at(node, key);
    return cJSON_IsString(member) && strcmp(member->valuestring, value) == 0;
}

bool tree_flag(const cJSON *node, const char *key) {
    return cJSON_IsTrue(tree_at(node, key));
}

struct text tree_string(const cJSON *node) {
    return tree_text(tree_as(node, "String"), "sval");
}

struct text tree_name(struct text name) {
    enum { LONGEST = 63 };
    size_t length = name.length;
    if (length > LONGEST) {
        length = LONGEST;
        while (length > 0 && ((unsigned char)name.bytes[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    return text_slice(name, 0, length);
}

struct tree_path tree_range(const struct tree_walk *walk, const cJSON *range_var) {
    struct text schema = tree_text(range_var, "schemaname");
    return (struct tree_path){tree_name(schema.length > 0 ? schema : walk->schema),
                              tree_name(tree_text(range_var, "relname"))};
}

struct tree_path tree_path_of(const struct tree_walk *walk, const cJSON *names) {
    const cJSON *inner = tree_as(names, "List");
    if (tree_as(names, "TypeName")) {
        names = tree_at(tree_as(names, "TypeName"), "names");
    } else if (inner) {
        names = tree_at(inner, "items");
    } else if (tree_as(names, "ObjectWithArgs")) {
        names = tree_at(tree_as(names, "ObjectWithArgs"), "objname");
    }
    struct tree_path path = {walk->schema, TEXT("")};
    size_t seen = 0;
    for (const cJSON *name = names ? names->child : NULL; name; name = name->next) {
        if (seen++ > 0) {
            path.schema = path.name;
        }
        path.name = tree_name(tree_string(name));
    }
    return path;
}

static bool is_in(const struct tree_list *list, struct text item) {
    for (size_t i = 0; i < list->count; i++) {
        if (text_equal(list->items[i], item)) {
            return true;
        }
    }
    return false;
}

bool tree_is_temporary(const struct tree_walk *walk, const cJSON *range_var) {
    return tree_is(range_var, "relpersistence", "t") || tree_is(range_var, "schemaname", "pg_temp") ||
           (tree_text(range_var, "schemaname").length == 0 &&
            is_in(&walk->temporary, tree_name(tree_text(range_var, "relname"))));
}

void tree_push(struct tree_walk *walk, struct tree_list *list, struct text item) {
    if (list->count < TREE_LIST_MAXIMUM) {
        list->items = arena_grow(walk->arena, list->items, list->count, list->count + 1, sizeof *list->items);
        list->items[list->count++] = item;
    }
}

void tree_add(struct tree_walk *walk, struct tree_list *list, struct text item) {
    if (!is_in(list, item)) {
        tree_push(walk, list, item);
    }
}

void tree_add_temporary(struct tree_walk *walk, struct text name) {
    if (!is_in(&walk->temporary, name)) {
        tree_push(walk, &walk->temporary, text_copy(walk->arena, name));
    }
}

struct tree_list tree_strings(struct tree_walk *walk, const cJSON *list) {
    struct tree_list strings = {0};
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
        tree_push(walk, &strings, tree_name(tree_string(item)));
    }
    return strings;
}

void tree_columns(struct tree_walk *walk, const cJSON *expression, struct tree_list *list) {
    if (!expression) {
        return;
    }
    if (expression->string && strcmp(expression->string, "ColumnRef") == 0) {
        struct tree_path path = tree_path_of(walk, tree_at(expression, "fields"));
        if (path.name.length > 0) {
            tree_add(walk, list, path.name);
        }
        return;
    }
    for (const cJSON *node = expression->child; node; node = node->next) {
        tree_columns(walk, node, list);
    }
}

struct tree_path tree_type(struct tree_walk *walk, const cJSON *type_name, bool *ret_serial) {
    static const struct {
        const char *name, *integer;
    } serials[] = {{"serial", "int4"},  {"serial4", "int4"},     {"bigserial", "int8"},
                   {"serial8", "int8"}, {"smallserial", "int2"}, {"serial2", "int2"}};
    const struct tree_walk unqualified = {.arena = walk->arena, .schema = TEXT("")};
    struct tree_path path = tree_path_of(&unqualified, tree_at(type_name, "names"));
    *ret_serial = false;
    for (size_t i = 0; path.schema.length == 0 && i < sizeof serials / sizeof *serials; i++) {
        if (text_is(path.name, serials[i].name)) {
            *ret_serial = true;
            return (struct tree_path){TEXT("pg_catalog"), text_of(serials[i].integer)};
        }
    }
    if (tree_at(type_name, "arrayBounds")) {
        path.name = text_format(walk->arena, "%.*s[]", TEXT_ARGS(path.name));
    }
    return path;
}

void tree_write(struct tree_walk *walk, enum effect_kind kind, unsigned flags, const struct text *fields,
                const struct tree_list *first, const struct tree_list *second) {
    protocol_begin(walk->writer, (uint8_t)kind, (uint8_t)(flags | walk->flags), walk->line);
    for (; fields->bytes; fields++) {
        protocol_field(walk->writer, *fields);
    }
    for (size_t i = 0; first && i < first->count; i++) {
        protocol_field(walk->writer, first->items[i]);
    }
    for (size_t i = 0; second && i < second->count; i++) {
        protocol_field(walk->writer, second->items[i]);
    }
}
