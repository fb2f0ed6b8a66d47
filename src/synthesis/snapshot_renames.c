/* A name occurs in many places of a snapshot: in foreign keys of other tables, in keys and indexes,
 * and quoted in expressions. */
#include "synthesis/snapshot_renames.h"

#include <string.h>

#include "migfs/json/print.h"
#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"

/* Replaces the quoted name in an expression: as a table's name before a dot, as a column's
 * otherwise. */
static struct text with_name(struct arena *arena, struct text text, struct text before, struct text after,
                             bool is_table) {
    struct text quoted = text_format(arena, "\"%s\"", before.bytes);
    struct buffer made = BUFFER(arena);
    size_t at;
    while (text_find(text, quoted.bytes, &at)) {
        size_t end = at + quoted.length;
        bool is_it = (end < text.length && text.bytes[end] == '.') == is_table;
        buffer_add(&made, text_slice(text, 0, at));
        buffer_format(&made, "\"%s\"", is_it ? after.bytes : before.bytes);
        text = text_slice(text, end, text.length);
    }
    buffer_add(&made, text);
    return buffer_text(&made);
}

struct renaming {
    struct text before, after;
    bool is_table;
};

static void rename_in_text(struct making *making, struct cJSON *object, const char *key,
                           const struct renaming *renaming) {
    struct text text = snapshot_text(object, key);
    if (text.length > 0) {
        json_set_text(object, key,
                      with_name(making->arena, text, renaming->before, renaming->after, renaming->is_table));
    }
}

static void rename_in_array(struct cJSON *array, struct text before, struct text after) {
    for (struct cJSON *it = json_first(array), *next; it; it = next) {
        next = json_following(it);
        if (json_chars(it) && text_equal(text_of(json_chars(it)), before)) {
            json_replace_text(array, it, after);
        }
    }
}

/* Renames in all expressions of a table. */
static void rename_in_expressions(struct making *making, struct cJSON *table, const struct renaming *renaming) {
    struct cJSON *it, *part;
    for (it = json_first(json_member(table, "checkConstraints")); it; it = json_following(it)) {
        rename_in_text(making, it, "value", renaming);
    }
    for (it = json_first(json_member(table, "indexes")); it; it = json_following(it)) {
        rename_in_text(making, it, "where", renaming);
        for (part = json_first(json_member(it, "columns")); part; part = json_following(part)) {
            if (json_is_true(json_member(part, "isExpression"))) {
                rename_in_text(making, part, "expression", renaming);
            }
        }
    }
    for (const struct snapshot_found *found = snapshot_generated(making, table); found; found = found->next) {
        struct cJSON *generated = json_member(found->item, "generated");
        if (generated) { /* it may be dropped since */
            rename_in_text(making, generated, "as", renaming);
        }
    }
    for (it = json_first(json_member(table, "policies")); it; it = json_following(it)) {
        rename_in_text(making, it, "using", renaming);
        rename_in_text(making, it, "withCheck", renaming);
    }
}

static bool refers_to(const struct cJSON *key, struct text schema, struct text name) {
    struct text to = snapshot_text(key, "schemaTo");
    return snapshot_text_is(key, "tableTo", name) &&
           text_equal(to.length > 0 ? to : TEXT("public"), schema.length > 0 ? schema : TEXT("public"));
}

static void set_schema_to(struct cJSON *key, struct text schema) {
    json_remove_key(key, "schemaTo");
    if (schema.length > 0 && !text_is(schema, "public")) {
        json_set_text(key, "schemaTo", schema);
    }
}

/* What hand-written SQL has made is known by its new name. */
static void rename_puts_of_table(struct making *making, struct text key_before, struct text key, struct text name) {
    for (size_t i = 0; i < making->put->count; i++) {
        struct snapshot_put *it = &making->put->puts[i];
        if (text_equal(it->key, key_before)) {
            it->key = key;
            bool has_its_name = strcmp(it->kind, "table") == 0 || strcmp(it->kind, SNAPSHOT_KEY) == 0;
            it->name = has_its_name ? name : it->name;
            it->table = it->table.length > 0 ? name : it->table;
        }
    }
}

static void rename_put_column(struct making *making, struct text key, struct text before, struct text name) {
    for (size_t i = 0; i < making->put->count; i++) {
        struct snapshot_put *it = &making->put->puts[i];
        struct text *column = it->table.length > 0 ? &it->name : &it->column;
        if (text_equal(it->key, key) && text_equal(*column, before)) {
            *column = name;
        }
    }
}

bool snapshot_rename_table(struct making *making, struct cJSON *table, struct text schema, struct text name) {
    struct text schema_before = snapshot_text(table, "schema"), name_before = snapshot_text(table, "name");
    schema_before = text_copy(making->arena, schema_before);
    name_before = text_copy(making->arena, name_before);
    struct cJSON *tables = snapshot_part(making, "tables"), *it;
    struct text key = snapshot_key(making->arena, (struct sql_name){schema, name});
    if (snapshot_member(making->members, tables, key.bytes)) {
        return snapshot_refuse(making, "table \"%s\" is already in the snapshot before", name.bytes);
    }
    const struct snapshot_found *found = snapshot_references(making, name_before);
    for (; found; found = found->next) {
        if (refers_to(found->item, schema_before, name_before)) {
            json_set_text(found->item, "tableTo", name);
            set_schema_to(found->item, schema);
            snapshot_note(making, found->whole, found->place, found->item);
        }
    }
    for (it = json_first(json_member(table, "foreignKeys")); it; it = json_following(it)) {
        json_set_text(it, "tableFrom", name);
    }
    bool was_public = schema_before.length == 0, is_public = schema.length == 0 || text_is(schema, "public");
    if (!was_public) {
        /* The caller adds the outer quotes, so this matches `"schema"."table"`. */
        name_before = text_format(making->arena, "%s\".\"%s", schema_before.bytes, name_before.bytes);
    }
    rename_in_expressions(
        making, table,
        &(struct renaming){name_before,
                           is_public ? name : text_format(making->arena, "%s\".\"%s", schema.bytes, name.bytes), true});
    for (it = json_first(json_member(table, "columns")); it; it = json_following(it)) {
        struct cJSON *identity = json_member(it, "identity");
        if (identity) {
            json_set_text(identity, "schema", schema.length > 0 ? schema : TEXT("public"));
        }
    }
    rename_puts_of_table(making, text_of(json_key(table)), key, name);
    snapshot_changes_move(making, text_copy(making->arena, text_of(json_key(table))), key, name);
    json_set_text(table, "name", name);
    json_set_text(table, "schema", text_is(schema, "public") ? TEXT("") : schema);
    snapshot_rename(making->members, tables, table, key);
    snapshot_note_name(making, table);
    return true;
}

void snapshot_rename_column(struct making *making, struct cJSON *table, struct cJSON *column, struct text name) {
    struct text before = text_copy(making->arena, snapshot_text(column, "name"));
    struct text schema = snapshot_text(table, "schema"), table_name = snapshot_text(table, "name");
    struct cJSON *it, *part;
    rename_put_column(making, text_of(json_key(table)), before, name);
    snapshot_changes_rename(making, "columns", text_of(json_key(table)), before, name);
    snapshot_rename(making->members, json_member(table, "columns"), column, name);
    json_set_text(column, "name", name);
    for (it = json_first(json_member(table, "foreignKeys")); it; it = json_following(it)) {
        rename_in_array(json_member(it, "columnsFrom"), before, name);
    }
    for (const struct snapshot_found *found = snapshot_references(making, table_name); found; found = found->next) {
        if (refers_to(found->item, schema, table_name)) {
            rename_in_array(json_member(found->item, "columnsTo"), before, name);
        }
    }
    for (it = json_first(json_member(table, "uniqueConstraints")); it; it = json_following(it)) {
        rename_in_array(json_member(it, "columns"), before, name);
    }
    for (it = json_first(json_member(table, "compositePrimaryKeys")); it; it = json_following(it)) {
        rename_in_array(json_member(it, "columns"), before, name);
    }
    for (it = json_first(json_member(table, "indexes")); it; it = json_following(it)) {
        for (part = json_first(json_member(it, "columns")); part; part = json_following(part)) {
            if (!json_is_true(json_member(part, "isExpression")) && snapshot_text_is(part, "expression", before)) {
                json_set_text(part, "expression", name);
            }
        }
    }
    rename_in_expressions(making, table, &(struct renaming){before, name, false});
}

/* ---- Dropping a column, and all that is made of it ---- */

static bool speaks_of(struct making *making, struct text expression, struct text column) {
    size_t at;
    return expression.length > 0 &&
           text_find(expression, text_format(making->arena, "\"%s\"", column.bytes).bytes, &at);
}

static bool index_has(struct making *making, const struct cJSON *index, struct text column) {
    const struct cJSON *part;
    for (part = json_first(json_member(index, "columns")); part; part = json_following(part)) {
        if (json_is_true(json_member(part, "isExpression"))
                ? speaks_of(making, snapshot_text(part, "expression"), column)
                : snapshot_text_is(part, "expression", column)) {
            return true;
        }
    }
    return speaks_of(making, snapshot_text(index, "where"), column);
}

static void remove_with(struct making *making, struct cJSON *parent, const char *columns, struct text column) {
    for (struct cJSON *it = json_first(parent), *next; it; it = next) {
        next = json_following(it);
        if (snapshot_has_text(json_member(it, columns), column)) {
            snapshot_remove(making->members, parent, it);
        }
    }
}

void snapshot_drop_column(struct making *making, struct cJSON *table, struct cJSON *column) {
    struct text name = text_copy(making->arena, snapshot_text(column, "name"));
    snapshot_remove(making->members, json_member(table, "columns"), column);
    snapshot_drop_made_of(making, table, name);
}

void snapshot_drop_made_of(struct making *making, struct cJSON *table, struct text name) {
    struct cJSON *parent, *it, *next;
    parent = json_member(table, "indexes");
    for (it = json_first(parent); it; it = next) {
        next = json_following(it);
        if (index_has(making, it, name)) {
            snapshot_remove(making->members, parent, it);
        }
    }
    parent = json_member(table, "checkConstraints");
    for (it = json_first(parent); it; it = next) {
        next = json_following(it);
        if (speaks_of(making, snapshot_text(it, "value"), name)) {
            snapshot_remove(making->members, parent, it);
        }
    }
    remove_with(making, json_member(table, "uniqueConstraints"), "columns", name);
    remove_with(making, json_member(table, "compositePrimaryKeys"), "columns", name);
    remove_with(making, json_member(table, "foreignKeys"), "columnsFrom", name);
    const struct snapshot_found *found = snapshot_references(making, snapshot_text(table, "name"));
    for (; found; found = found->next) {
        if (refers_to(found->item, snapshot_text(table, "schema"), snapshot_text(table, "name")) &&
            snapshot_has_text(json_member(found->item, "columnsTo"), name)) {
            snapshot_remove(making->members, json_member(found->whole, found->place), found->item);
        }
    }
}

/* ---- Enums and schemas ---- */

/* Updates the type of a column whose enum was renamed: `before` or `before[]`. */
static void rename_type(struct making *making, struct cJSON *column, struct text before, struct text schema,
                        struct text name) {
    struct text type = snapshot_text(column, "type");
    if (text_starts(type, before.bytes) && (type.length == before.length || type.bytes[before.length] == '[')) {
        struct buffer made = BUFFER(making->arena);
        buffer_add(&made, name);
        buffer_add(&made, text_slice(type, before.length, type.length));
        json_set_text(column, "type", buffer_text(&made));
        json_set_text(column, "typeSchema", schema);
    }
}

void snapshot_rename_enum(struct making *making, struct cJSON *it, struct text schema, struct text name) {
    struct text schema_before = text_copy(making->arena, snapshot_text(it, "schema"));
    struct text before = text_copy(making->arena, snapshot_text(it, "name"));
    for (const struct snapshot_found *found = snapshot_columns_of(making, before); found; found = found->next) {
        if (snapshot_text_is(found->item, "typeSchema", schema_before)) {
            rename_type(making, found->item, before, schema, name);
            snapshot_note(making, found->whole, "columns", found->item);
        }
    }
    struct text key = snapshot_key(making->arena, (struct sql_name){schema, name});
    snapshot_changes_move(making, text_copy(making->arena, text_of(json_key(it))), key, name);
    json_set_text(it, "name", name);
    json_set_text(it, "schema", schema);
    snapshot_rename(making->members, snapshot_part(making, "enums"), it, key);
    snapshot_note_enum(making, it);
}

static void rename_schema_of(struct making *making, const char *part, struct text before, struct text after) {
    bool are_tables = strcmp(part, "tables") == 0;
    for (struct cJSON *it = json_first(snapshot_part(making, part)); it; it = json_following(it)) {
        if (snapshot_text_is(it, "schema", before)) {
            struct text key_before = text_copy(making->arena, text_of(json_key(it))), name = snapshot_text(it, "name");
            struct text key = snapshot_key(making->arena, (struct sql_name){after, name});
            json_set_text(it, "schema", after);
            rename_puts_of_table(making, key_before, key, name);
            snapshot_changes_move(making, key_before, key, name);
            if (are_tables) {
                snapshot_note_name(making, it);
            }
            snapshot_rename(making->members, snapshot_part(making, part), it, key);
        }
    }
}

void snapshot_rename_schema(struct making *making, struct text before, struct text after) {
    struct cJSON *it, *table;
    for (table = json_first(snapshot_part(making, "tables")); table; table = json_following(table)) {
        for (it = json_first(json_member(table, "foreignKeys")); it; it = json_following(it)) {
            if (snapshot_text_is(it, "schemaTo", before)) {
                json_set_text(it, "schemaTo", after);
            }
        }
        for (it = json_first(json_member(table, "columns")); it; it = json_following(it)) {
            struct cJSON *identity = json_member(it, "identity");
            if (snapshot_text_is(it, "typeSchema", before)) {
                json_set_text(it, "typeSchema", after);
            }
            if (identity && snapshot_text_is(identity, "schema", before)) {
                json_set_text(identity, "schema", after);
            }
        }
        if (snapshot_text_is(table, "schema", before)) {
            rename_in_expressions(making, table, &(struct renaming){before, after, true});
        }
    }
    rename_schema_of(making, "tables", before, after);
    rename_schema_of(making, "enums", before, after);
    rename_schema_of(making, "sequences", before, after);
    rename_schema_of(making, "views", before, after);
    struct cJSON *schemas = snapshot_part(making, "schemas");
    snapshot_remove_key(making->members, schemas, before.bytes);
    if (!snapshot_member(making->members, schemas, after.bytes)) {
        snapshot_add_text(making->members, schemas, after.bytes, after);
    }
}
