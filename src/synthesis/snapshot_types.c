/* Enums and schemas. */
#include "synthesis/snapshot_types.h"

#include "synthesis/snapshot_renames.h"

bool snapshot_create_type(struct making *making, struct sql_reader *sql) {
    struct sql_name name;
    struct sql_reader list, part;
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its type cannot be read");
    }
    if (!sql_take(sql, "as enum") || !sql_take_group(sql, &list, NULL)) {
        snapshot_add_name(making->arena, making->left, name.name); /* composite or range type */
        return true;
    }
    struct cJSON *enums = snapshot_part(making, "enums");
    struct text key = snapshot_key(making->arena, name);
    if (json_member(enums, key.bytes)) {
        return making->is_tolerant ||
               snapshot_refuse(making, "type \"%s\" is already in the snapshot before", name.name.bytes);
    }
    struct cJSON *made = json_add_object(enums, key.bytes), *values;
    snapshot_put(making, (struct snapshot_put){.kind = "enum", .key = key, .name = name.name});
    json_add_text(made, "name", name.name);
    json_add_text(made, "schema", snapshot_schema(name));
    values = json_add_array(made, "values");
    while (sql_next_part(&list, &part)) {
        struct text value;
        if (!sql_take_string(&part, &value)) {
            return snapshot_refuse(making, "a value of its type cannot be read");
        }
        json_add_text(values, NULL, value);
    }
    return true;
}

static struct cJSON *value_of(const struct cJSON *values, struct text value) {
    for (struct cJSON *it = json_first(values); it; it = json_following(it)) {
        if (text_equal(text_of(json_chars(it)), value)) {
            return it;
        }
    }
    return NULL;
}

static bool add_value(struct making *making, struct cJSON *values, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if not exists") || making->is_tolerant;
    struct text value, neighbour;
    if (!sql_take_string(sql, &value)) {
        return snapshot_refuse(making, "its value cannot be read");
    }
    if (value_of(values, value)) {
        return is_guarded || snapshot_refuse(making, "the value '%s' is already in the snapshot before", value.bytes);
    }
    bool is_before = sql_take(sql, "before"), is_after = !is_before && sql_take(sql, "after");
    struct cJSON *place = NULL;
    if (is_before || is_after) {
        place = sql_take_string(sql, &neighbour) ? value_of(values, neighbour) : NULL;
        if (!place) {
            return snapshot_refuse(making, "the value beside '%s' is not in the snapshot before", value.bytes);
        }
    }
    json_insert(values, is_after ? json_following(place) : place, value);
    return true;
}

static bool rename_value(struct making *making, struct cJSON *values, struct sql_reader *sql) {
    struct text before, after;
    struct cJSON *value = sql_take_string(sql, &before) ? value_of(values, before) : NULL;
    if (!value || !sql_take(sql, "to") || !sql_take_string(sql, &after)) {
        return snapshot_refuse(making, "the value that it renames is not in the snapshot before");
    }
    json_replace_text(values, value, after);
    return true;
}

bool snapshot_alter_type(struct making *making, struct sql_reader *sql) {
    struct sql_name name;
    struct text after;
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its type cannot be read");
    }
    struct cJSON *found = snapshot_enum(making, name), *values = json_member(found, "values");
    if (sql_take(sql, "add value")) {
        return found ? add_value(making, values, sql)
                     : snapshot_refuse(making, "type \"%s\" is not in the snapshot before", name.name.bytes);
    }
    if (!found) { /* only composite types, which are in no snapshot, have other actions */
        return snapshot_is_left(making, name.name) || sql_is(sql, "owner") || sql_take(sql, "add attribute") ||
               sql_take(sql, "drop attribute") || sql_take(sql, "alter attribute") ||
               sql_take(sql, "rename attribute") ||
               snapshot_refuse(making, "type \"%s\" is not in the snapshot before", name.name.bytes);
    }
    if (sql_take(sql, "rename value")) {
        return rename_value(making, values, sql);
    }
    if (sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        snapshot_rename_enum(making, found, text_copy(making->arena, snapshot_text(found, "schema")), after);
    } else if (sql_take(sql, "set schema") && sql_take_name(sql, &after)) {
        snapshot_rename_enum(making, found, after, text_copy(making->arena, snapshot_text(found, "name")));
    }
    return true;
}

static void drop_columns_of(struct making *making, const struct cJSON *type) {
    struct text name = snapshot_text(type, "name"), schema = snapshot_text(type, "schema");
    for (struct cJSON *table = json_first(snapshot_part(making, "tables")); table; table = json_following(table)) {
        for (struct cJSON *column = json_first(json_member(table, "columns")), *next; column; column = next) {
            next = json_following(column);
            struct text of = snapshot_text(column, "type");
            if (snapshot_text_is(column, "typeSchema", schema) && text_starts(of, name.bytes) &&
                (of.length == name.length || of.bytes[name.length] == '[')) {
                snapshot_drop_column(making, table, column);
            }
        }
    }
}

bool snapshot_drop_type(struct making *making, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
    bool is_cascade =
        sql->count > 0 &&
        sql_is(&(struct sql_reader){sql->arena, sql->text, sql->tokens, sql->count - 1, sql->count}, "cascade");
    struct sql_name name;
    do {
        if (!sql_take_qualified(sql, &name)) {
            return snapshot_refuse(making, "its type cannot be read");
        }
        struct cJSON *found = snapshot_enum(making, name);
        if (found) {
            if (is_cascade) {
                drop_columns_of(making, found);
            }
            json_remove(snapshot_part(making, "enums"), found);
        } else if (!is_guarded && !snapshot_is_left(making, name.name)) {
            return snapshot_refuse(making, "type \"%s\" is not in the snapshot before", name.name.bytes);
        }
    } while (sql_take_sign(sql, ','));
    return true;
}

/* ---- Schemas ---- */

bool snapshot_create_schema(struct making *making, struct sql_reader *sql) {
    struct text name;
    sql_take(sql, "if not exists");
    if (!sql_take_name(sql, &name)) {
        return snapshot_refuse(making, "its schema cannot be read");
    }
    if (!making->is_kit || !sql_at_end(sql)) {
        return snapshot_leave(making, "schema", name);
    }
    json_set_text(snapshot_part(making, "schemas"), name.bytes, name);
    return true;
}

bool snapshot_alter_schema(struct making *making, struct sql_reader *sql) {
    struct text before, after;
    if (sql_take_name(sql, &before) && sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        snapshot_rename_schema(making, before, after);
    }
    return true;
}

bool snapshot_drop_schema(struct making *making, struct sql_reader *sql) {
    struct text name;
    sql_take(sql, "if exists");
    do {
        if (!sql_take_name(sql, &name)) {
            return snapshot_refuse(making, "its schema cannot be read");
        }
        for (struct cJSON *table = json_first(snapshot_part(making, "tables")); table; table = json_following(table)) {
            if (snapshot_text_is(table, "schema", name)) {
                return snapshot_refuse(making, "schema \"%s\" has tables in the snapshot before", name.bytes);
            }
        }
        json_remove_key(snapshot_part(making, "schemas"), name.bytes);
    } while (sql_take_sign(sql, ','));
    return true;
}
