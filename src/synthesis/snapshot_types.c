/* Enums and schemas. */
#include "synthesis/snapshot_types.h"

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_renames.h"

static struct cJSON *value_of(const struct cJSON *values, struct text value) {
    for (struct cJSON *it = json_first(values); it; it = json_following(it)) {
        if (text_equal(text_of(json_chars(it)), value)) {
            return it;
        }
    }
    return NULL;
}

static void change_value(struct making *making, const struct cJSON *of, enum snapshot_change_kind kind,
                         struct text value) {
    snapshot_change(making, (struct snapshot_change){.kind = kind,
                                                     .place = "values",
                                                     .key = text_of(json_key(of)),
                                                     .table = snapshot_text(of, "name"),
                                                     .name = value});
}

/* An enum that the file has dropped or renamed before has other values now. */
static void change_again(struct making *making, const struct cJSON *made) {
    const struct cJSON *before =
        snapshot_member(making->members, json_member(making->original, "enums"), json_key(made));
    struct cJSON *had = json_member(before, "values"), *has = json_member(made, "values");
    for (struct cJSON *it = json_first(has); before && it; it = json_following(it)) {
        if (!snapshot_has_value(making->members, had, text_of(json_chars(it)))) {
            change_value(making, made, SNAPSHOT_CHANGED_VALUE, text_of(json_chars(it)));
        }
    }
    for (struct cJSON *it = json_first(had); it; it = json_following(it)) {
        if (!snapshot_has_value(making->members, has, text_of(json_chars(it)))) {
            change_value(making, made, SNAPSHOT_DROPPED, text_of(json_chars(it)));
        }
    }
}

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
    if (snapshot_member(making->members, enums, key.bytes)) {
        return making->is_tolerant ||
               snapshot_refuse(making, "type \"%s\" is already in the snapshot before", name.name.bytes);
    }
    struct cJSON *made = snapshot_add(making->members, enums, key.bytes), *values;
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
    snapshot_note_enum(making, made);
    change_again(making, made);
    return true;
}

static bool add_value(struct making *making, const struct cJSON *of, struct sql_reader *sql) {
    struct cJSON *values = json_member(of, "values");
    bool is_guarded = sql_take(sql, "if not exists") || making->is_tolerant;
    struct text value, neighbour;
    if (!sql_take_string(sql, &value)) {
        return snapshot_refuse(making, "its value cannot be read");
    }
    if (snapshot_has_value(making->members, values, value)) {
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
    snapshot_add_value(making->members, values, is_after ? json_following(place) : place, value);
    change_value(making, of, SNAPSHOT_CHANGED_VALUE, value);
    return true;
}

static bool rename_value(struct making *making, const struct cJSON *of, struct sql_reader *sql) {
    struct cJSON *values = json_member(of, "values");
    struct text before, after;
    struct cJSON *value = sql_take_string(sql, &before) ? value_of(values, before) : NULL;
    if (!value || !sql_take(sql, "to") || !sql_take_string(sql, &after)) {
        return snapshot_refuse(making, "the value that it renames is not in the snapshot before");
    }
    snapshot_replace_value(making->members, values, value, after);
    snapshot_changes_rename(making, "values", text_of(json_key(of)), before, after);
    if (!snapshot_change_of(making, SNAPSHOT_CHANGED_VALUE, "values", text_of(json_key(of)), after)) {
        snapshot_change(making, (struct snapshot_change){.kind = SNAPSHOT_CHANGED_NAME,
                                                         .place = "values",
                                                         .key = text_of(json_key(of)),
                                                         .table = snapshot_text(of, "name"),
                                                         .name = after,
                                                         .before = before});
    }
    return true;
}

static void rename_enum(struct making *making, struct cJSON *it, struct text schema, struct text name) {
    struct text before = text_copy(making->arena, snapshot_text(it, "name"));
    struct text schema_before = text_copy(making->arena, snapshot_text(it, "schema"));
    bool is_put = snapshot_put_of(making, "enum", text_of(json_key(it)), before) != NULL;
    snapshot_rename_enum(making, it, schema, name);
    if (!is_put) {
        snapshot_change(making, (struct snapshot_change){.kind = SNAPSHOT_CHANGED_NAME,
                                                         .place = "enums",
                                                         .key = text_of(json_key(it)),
                                                         .name = name,
                                                         .before = before,
                                                         .schema_before = schema_before});
    }
}

bool snapshot_alter_type(struct making *making, struct sql_reader *sql) {
    struct sql_name name;
    struct text after;
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its type cannot be read");
    }
    struct cJSON *found = snapshot_enum(making, name);
    if (sql_take(sql, "add value")) {
        return found ? add_value(making, found, sql)
                     : snapshot_refuse(making, "type \"%s\" is not in the snapshot before", name.name.bytes);
    }
    if (!found) { /* only composite types, which are in no snapshot, have other actions */
        return snapshot_is_left(making, name.name) || sql_is(sql, "owner") || sql_take(sql, "add attribute") ||
               sql_take(sql, "drop attribute") || sql_take(sql, "alter attribute") ||
               sql_take(sql, "rename attribute") ||
               snapshot_refuse(making, "type \"%s\" is not in the snapshot before", name.name.bytes);
    }
    if (sql_take(sql, "rename value")) {
        return rename_value(making, found, sql);
    }
    if (sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        rename_enum(making, found, text_copy(making->arena, snapshot_text(found, "schema")), after);
    } else if (sql_take(sql, "set schema") && sql_take_name(sql, &after)) {
        rename_enum(making, found, after, text_copy(making->arena, snapshot_text(found, "name")));
    }
    return true;
}

static void drop_columns_of(struct making *making, const struct cJSON *type) {
    struct text name = snapshot_text(type, "name"), schema = snapshot_text(type, "schema");
    for (const struct snapshot_found *it = snapshot_columns_of(making, name); it; it = it->next) {
        struct text of = snapshot_text(it->item, "type");
        if (snapshot_text_is(it->item, "typeSchema", schema) && text_starts(of, name.bytes) &&
            (of.length == name.length || of.bytes[name.length] == '[')) {
            snapshot_drop_column(making, it->whole, it->item);
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
            snapshot_change_drop(making, NULL, "enums", found);
            snapshot_remove(making->members, snapshot_part(making, "enums"), found);
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
    struct cJSON *schemas = snapshot_part(making, "schemas");
    if (!snapshot_member(making->members, schemas, name.bytes)) {
        snapshot_add_text(making->members, schemas, name.bytes, name);
    }
    return true;
}

bool snapshot_alter_schema(struct making *making, struct sql_reader *sql) {
    struct text before, after;
    if (sql_take_name(sql, &before) && sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        snapshot_rename_schema(making, before, after);
        snapshot_changes_move(making, before, after, after);
        snapshot_change(
            making,
            (struct snapshot_change){
                .kind = SNAPSHOT_CHANGED_NAME, .place = "schemas", .key = after, .name = after, .before = before});
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
        if (snapshot_tables_in(making, name)) {
            return snapshot_refuse(making, "schema \"%s\" has tables in the snapshot before", name.bytes);
        }
        snapshot_remove_key(making->members, snapshot_part(making, "schemas"), name.bytes);
    } while (sql_take_sign(sql, ','));
    return true;
}
