/* Lookups in a snapshot, and reports about a statement, without knowledge of any statement. */
#include "synthesis/snapshot.h"

#include <string.h>

bool snapshot_refuse(struct making *making, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    making->reason = text_format_list(making->arena, format, arguments);
    va_end(arguments);
    return false;
}

void snapshot_add_name(struct arena *arena, struct snapshot_names *names, struct text name) {
    names->names = arena_more(arena, names->names, names->count, &names->capacity, sizeof *names->names);
    names->names[names->count++] = name;
}

bool snapshot_leave(struct making *making, const char *kind, struct text name) {
    if (making->notes.length > 0) {
        buffer_add_string(&making->notes, ", ");
    }
    buffer_add_string(&making->notes, kind);
    if (name.length > 0) {
        buffer_add_char(&making->notes, ' ');
        buffer_add_escaped(&making->notes, name);
        snapshot_add_name(making->arena, making->left, name);
    }
    return true;
}

bool snapshot_is_left(const struct making *making, struct text name) {
    for (size_t i = 0; i < making->left->count; i++) {
        if (text_equal(making->left->names[i], name)) {
            return true;
        }
    }
    return false;
}

void snapshot_put(struct making *making, struct snapshot_put put) {
    struct snapshot_puts *all = making->put;
    struct snapshot_put *before = snapshot_put_of(making, put.kind, put.key, put.name);
    if (before && before->is_absent) { /* what was left out is gone, and the schema is asked again */
        snapshot_forget_put(making, put.kind, put.key, put.name);
        before->is_absent = before->is_changed = false;
    }
    if (!making->is_kit && put.name.length > 0) {
        put.is_within = making->created.length > 0 && text_equal(making->created, put.key);
        all->puts = arena_more(making->arena, all->puts, all->count, &all->capacity, sizeof *all->puts);
        all->puts[all->count++] = put;
    }
}

struct snapshot_put *snapshot_put_of(const struct making *making, const char *kind, struct text key, struct text name) {
    for (size_t i = 0; i < making->put->count; i++) {
        struct snapshot_put *it = &making->put->puts[i];
        if (strcmp(it->kind, kind) == 0 && text_equal(it->key, key) && text_equal(it->name, name)) {
            return it;
        }
    }
    return NULL;
}

void snapshot_forget_put(struct making *making, const char *kind, struct text key, struct text name) {
    struct snapshot_put *it = snapshot_put_of(making, kind, key, name);
    if (it) {
        it->key = TEXT("");
        it->is_within = true; /* needs no line */
    }
}

static struct cJSON *find_attribute(const struct making *making, struct cJSON *table, const struct snapshot_put *put,
                                    struct cJSON **ret_parent) {
    *ret_parent = snapshot_in(making, table, "columns", put->name);
    struct cJSON *it = json_member(*ret_parent, strcmp(put->kind, SNAPSHOT_DEFAULT) == 0 ? "default" : "notNull");
    return strcmp(put->kind, SNAPSHOT_DEFAULT) == 0 || json_is_true(it) ? it : NULL;
}

struct cJSON *snapshot_find_put(const struct making *making, const struct snapshot_put *put,
                                struct cJSON **ret_parent) {
    static const char *const parts[] = {"indexes", "uniqueConstraints", "foreignKeys", "checkConstraints"};
    bool is_enum = strcmp(put->kind, "enum") == 0, is_key = strcmp(put->kind, SNAPSHOT_KEY) == 0;
    *ret_parent = snapshot_part(making, is_enum ? "enums" : "tables");
    struct cJSON *whole = snapshot_member(making->members, *ret_parent, put->key.bytes), *found = NULL;
    if (is_enum || strcmp(put->kind, "table") == 0 || !whole) {
        *ret_parent = is_enum || strcmp(put->kind, "table") == 0 ? *ret_parent : NULL;
        return whole;
    }
    if (strcmp(put->kind, SNAPSHOT_DEFAULT) == 0 || strcmp(put->kind, SNAPSHOT_NOT_NULL) == 0) {
        return find_attribute(making, whole, put, ret_parent);
    }
    if (is_key || strcmp(put->kind, "column") == 0) {
        bool is_named = is_key && put->column.length == 0;
        *ret_parent = json_member(whole, is_named ? "compositePrimaryKeys" : "columns");
        return snapshot_member(making->members, *ret_parent,
                               is_named ? put->constraint.bytes
                               : is_key ? put->column.bytes
                                        : put->name.bytes);
    }
    for (size_t i = 0; !found && i < sizeof parts / sizeof *parts; i++) {
        *ret_parent = json_member(whole, parts[i]);
        found = snapshot_member(making->members, *ret_parent, put->name.bytes);
    }
    return found;
}

void snapshot_rename_put(struct making *making, const struct cJSON *table, struct text before, struct text after) {
    for (size_t i = 0; i < making->put->count; i++) {
        struct snapshot_put *it = &making->put->puts[i];
        bool is_part = strcmp(it->kind, "index") == 0 || strcmp(it->kind, "constraint") == 0;
        struct text *name = is_part ? &it->name : &it->constraint;
        if (text_is(it->key, json_key(table)) && text_equal(*name, before)) {
            *name = after;
        }
    }
}

struct text snapshot_schema(struct sql_name name) {
    return name.schema.length > 0 ? name.schema : TEXT("public");
}

struct text snapshot_key(struct arena *arena, struct sql_name name) {
    struct buffer key = BUFFER(arena);
    buffer_add(&key, snapshot_schema(name));
    buffer_add_char(&key, '.');
    buffer_add(&key, name.name);
    return buffer_text(&key);
}

struct cJSON *snapshot_part(const struct making *making, const char *part) {
    struct cJSON *found = json_member(making->tree, part);
    return json_is_object(found) ? found : json_add_object(making->tree, part);
}

struct cJSON *snapshot_in(const struct making *making, const struct cJSON *parent, const char *part, struct text name) {
    return snapshot_member(making->members, json_member(parent, part), name.bytes);
}

struct text snapshot_text(const struct cJSON *object, const char *key) {
    return text_of(json_chars(json_member(object, key)));
}

bool snapshot_text_is(const struct cJSON *object, const char *key, struct text value) {
    const char *chars = json_chars(json_member(object, key));
    return chars && text_equal(text_of(chars), value);
}

void snapshot_add_texts(struct cJSON *object, const char *key, const struct text *texts, size_t count) {
    struct cJSON *array = json_add_array(object, key);
    for (size_t i = 0; i < count; i++) {
        json_add_text(array, NULL, texts[i]);
    }
}

struct text snapshot_file_name(struct arena *arena, struct text tag) {
    size_t underscore;
    struct text prefix = text_find(tag, "_", &underscore) ? text_slice(tag, 0, underscore) : tag;
    struct buffer name = BUFFER(arena);
    buffer_add(&name, prefix);
    buffer_add_string(&name, "_snapshot.json");
    return buffer_text(&name);
}
