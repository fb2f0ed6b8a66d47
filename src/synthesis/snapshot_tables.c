/* CREATE, ALTER and DROP TABLE. */
#include "synthesis/snapshot_tables.h"

#include <string.h>

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_columns.h"
#include "synthesis/snapshot_constraints.h"
#include "synthesis/snapshot_renames.h"
#include "synthesis/snapshot_sequences.h"

/* ---- CREATE TABLE ---- */

static struct cJSON *add_table(struct making *making, struct sql_name name, struct text key) {
    static const char *const parts[] = {"columns",           "indexes",  "foreignKeys",     "compositePrimaryKeys",
                                        "uniqueConstraints", "policies", "checkConstraints"};
    struct cJSON *table = snapshot_add(making->members, snapshot_part(making, "tables"), key.bytes);
    json_add_text(table, "name", name.name);
    json_add_text(table, "schema", text_is(name.schema, "public") ? TEXT("") : name.schema);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_add_object(table, parts[i]);
    }
    json_add_bool(table, "isRLSEnabled", false);
    snapshot_note_table(making, table);
    return table;
}

static bool is_constraint(const struct sql_reader *sql) {
    static const char *const words[] = {"constraint", "primary", "unique", "foreign", "check", "exclude"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (sql_is(sql, words[i])) {
            return true;
        }
    }
    return false;
}

/* What a column has been given. */
static void put_attributes(struct making *making, const struct cJSON *table, struct text name, bool has_default,
                           bool is_not_null, struct cJSON *previous) {
    struct snapshot_put put = {.key = text_of(json_key(table)), .table = snapshot_text(table, "name"), .name = name};
    put.kind = SNAPSHOT_NOT_NULL;
    if (is_not_null && !snapshot_put_of(making, put.kind, put.key, name)) {
        snapshot_put(making, put);
    }
    put.kind = SNAPSHOT_DEFAULT;
    put.previous = previous;
    if (has_default && !snapshot_put_of(making, put.kind, put.key, name)) {
        snapshot_put(making, put);
    }
}

/* A column that the file has dropped before, or its table, is changed. */
static void put_again(struct making *making, const struct cJSON *table, struct cJSON *column) {
    const struct cJSON *before =
        snapshot_member(making->members, json_member(making->original, "tables"), json_key(table));
    before = snapshot_in(making, before, "columns", snapshot_text(column, "name"));
    if (before) {
        snapshot_change_column(making, table, before, column);
    }
}

/* Adds a column, and records it with what it has. */
static bool put_column(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql) {
    struct text key = text_of(json_key(table)), of = snapshot_text(table, "name");
    snapshot_put(making, (struct snapshot_put){.kind = "column", .key = key, .table = of, .name = name});
    struct text created = making->created;
    making->created = key;
    bool is_added = snapshot_add_column(making, table, name, sql);
    struct cJSON *column = snapshot_in(making, table, "columns", name);
    if (column) {
        put_attributes(making, table, name, json_member(column, "default"),
                       json_is_true(json_member(column, "notNull")), NULL);
        put_again(making, table, column);
    }
    making->created = created;
    return is_added;
}

static bool add_element(struct making *making, struct cJSON *table, struct sql_reader *part) {
    struct text name;
    if (sql_is(part, "like")) {
        return snapshot_refuse(making, "it makes a table like another one");
    }
    if (is_constraint(part)) {
        return snapshot_add_constraint(making, table, part, false);
    }
    if (!sql_take_name(part, &name)) {
        return snapshot_refuse(making, "a column has no name");
    }
    return put_column(making, table, name, part);
}

/* drizzle-kit writes a table's constraints after its columns, so the columns exist. */
static bool add_elements(struct making *making, struct cJSON *table, struct sql_reader list) {
    struct sql_reader part;
    while (sql_next_part(&list, &part)) {
        if (!add_element(making, table, &part)) {
            return false;
        }
    }
    return true;
}

bool snapshot_create_table(struct making *making, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if not exists") || making->is_tolerant;
    struct sql_name name;
    struct sql_reader list;
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its table cannot be read");
    }
    if (sql_take(sql, "partition of")) {
        snapshot_add_name(making->arena, making->left, name.name);
        return true;
    }
    if (sql_is(sql, "as") || sql_is(sql, "of") || !sql_take_group(sql, &list, NULL) || sql_is(sql, "as") ||
        sql_is(sql, "inherits")) {
        return snapshot_refuse(making, "it makes table \"%s\" of another one or of a query", name.name.bytes);
    }
    struct text key = snapshot_key(making->arena, name);
    if (snapshot_member(making->members, snapshot_part(making, "tables"), key.bytes)) {
        return is_guarded || snapshot_refuse(making, "table \"%s\" is already in the snapshot before", name.name.bytes);
    }
    snapshot_put(making, (struct snapshot_put){.kind = "table", .key = key, .name = name.name});
    making->created = key;
    bool is_made = add_elements(making, add_table(making, name, key), list);
    making->created = TEXT("");
    return is_made;
}

/* ---- ALTER TABLE ---- */

static bool refuse_column(struct making *making, const struct cJSON *table, struct text name) {
    return snapshot_refuse(making, "column \"%s\" of table \"%s\" is not in the snapshot before", name.bytes,
                           snapshot_text(table, "name").bytes);
}

static bool add_column(struct making *making, struct cJSON *table, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if not exists") || making->is_tolerant;
    struct text name;
    if (!sql_take_name(sql, &name)) {
        return snapshot_refuse(making, "a column has no name");
    }
    if (snapshot_in(making, table, "columns", name)) {
        return is_guarded || snapshot_refuse(making, "column \"%s\" of table \"%s\" is already in the snapshot before",
                                             name.bytes, snapshot_text(table, "name").bytes);
    }
    return put_column(making, table, name, sql);
}

/* drizzle-kit changes a generated column by dropping and adding it, its only statements with
 * lower-case keywords. What depends on the column remains in the schema. */
static bool is_remade(const struct making *making, const struct sql_reader *sql) {
    return making->is_kit && sql->at > 0 && text_is(sql_token_text(sql, sql->at - 1), "drop");
}

static bool drop_part(struct making *making, struct cJSON *table, struct sql_reader *sql) {
    bool remade = is_remade(making, sql);
    struct text name;
    if (sql_take(sql, "constraint")) {
        bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
        return sql_take_name(sql, &name) ? snapshot_drop_constraint(making, table, name, is_guarded)
                                         : snapshot_refuse(making, "its constraint cannot be read");
    }
    sql_take(sql, "column");
    bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
    struct cJSON *column = sql_take_name(sql, &name) ? snapshot_in(making, table, "columns", name) : NULL;
    if (!column) {
        return is_guarded || refuse_column(making, table, name);
    }
    snapshot_change_drop(making, table, "columns", column);
    if (remade) {
        snapshot_add_name(making->arena, &making->remade, text_of(json_key(table)));
        snapshot_add_name(making->arena, &making->remade, name);
        snapshot_remove(making->members, json_member(table, "columns"), column);
    } else {
        snapshot_drop_column(making, table, column);
    }
    return true;
}

static bool set_type(struct making *making, struct cJSON *table, struct cJSON *column, struct sql_reader *sql) {
    size_t from = sql->at;
    while (!sql_at_end(sql) && !sql_is(sql, "using") && !sql_is(sql, "collate")) {
        sql_skip(sql);
    }
    if (sql->at == from) {
        return snapshot_refuse(making, "its type cannot be read");
    }
    snapshot_set_type(making, column, sql, from, sql->at);
    snapshot_note(making, table, "columns", column);
    return true;
}

static void set_default(struct making *making, struct cJSON *table, struct cJSON *column, struct sql_reader *sql) {
    struct text name = snapshot_text(column, "name"), key = text_of(json_key(table));
    struct snapshot_change *dropped = snapshot_change_of(making, SNAPSHOT_CHANGED_COLUMN, "default", key, name);
    struct cJSON *before = dropped ? dropped->previous : snapshot_copied(making->arena, json_member(column, "default"));
    snapshot_change_forget(dropped);
    if (making->is_kit) {
        snapshot_forget_put(making, SNAPSHOT_DEFAULT, key, name);
    }
    snapshot_set_default(making, column, sql_slice(sql, sql->at, sql->count));
    put_attributes(making, table, name, true, false, before);
}

static void set_not_null(struct making *making, struct cJSON *table, struct cJSON *column, bool is_set) {
    bool was_set = json_is_true(json_member(column, "notNull"));
    struct text name = snapshot_text(column, "name"), key = text_of(json_key(table));
    struct snapshot_change *dropped = snapshot_change_of(making, SNAPSHOT_CHANGED_COLUMN, "notNull", key, name);
    if (making->is_kit || !is_set) {
        snapshot_forget_put(making, SNAPSHOT_NOT_NULL, key, name);
    }
    json_set_bool(column, "notNull", is_set);
    put_attributes(making, table, name, false, is_set && !was_set && !dropped, NULL);
    if (is_set) {
        snapshot_change_forget(dropped);
    }
}

static bool apply_to_column(struct making *making, struct cJSON *table, struct cJSON *column, struct sql_reader *sql) {
    struct text name = snapshot_text(column, "name");
    if (sql_take(sql, "set data type") || sql_take(sql, "type")) {
        return set_type(making, table, column, sql);
    }
    if (sql_take(sql, "set default")) {
        set_default(making, table, column, sql);
    } else if (sql_take(sql, "drop default")) {
        json_remove_key(column, "default");
        snapshot_forget_put(making, SNAPSHOT_DEFAULT, text_of(json_key(table)), name);
    } else if (sql_take(sql, "set not null") || sql_take(sql, "drop not null")) {
        sql->at -= 3;
        set_not_null(making, table, column, sql_is(sql, "set"));
    } else if (sql_take(sql, "add generated")) {
        return snapshot_set_identity(making, table, column, sql);
    } else if (sql_take(sql, "drop identity")) {
        json_remove_key(column, "identity");
    } else if (sql_take(sql, "drop expression")) {
        json_remove_key(column, "generated");
    } else if (sql_take(sql, "set statistics") || sql_take(sql, "set storage") || sql_take(sql, "set compression") ||
               sql_take(sql, "reset") ||
               (sql_is(sql, "set") && sql->at + 1 < sql->count &&
                sql->text.bytes[sql->tokens[sql->at + 1].start] == '(')) {
        return true; /* not part of snapshots */
    } else if (sql_is(sql, "set") || sql_is(sql, "restart")) {
        return snapshot_alter_identity(making, column, sql);
    } else {
        return snapshot_refuse(making, "it changes column \"%s\" in a way that snapshots cannot express", name.bytes);
    }
    return true;
}

/* What the column was before hand-written SQL first changed it. */
static struct cJSON *column_before(const struct making *making, const struct cJSON *table, const struct cJSON *column) {
    struct cJSON *before = snapshot_copied(making->arena, column);
    struct text name = snapshot_text(column, "name"), key = text_of(json_key(table));
    const struct snapshot_put *put = snapshot_put_of(making, SNAPSHOT_DEFAULT, key, name);
    if (put && put->previous) {
        json_set_copy(before, "default", put->previous);
    } else if (put) {
        json_remove_key(before, "default");
    }
    if (snapshot_put_of(making, SNAPSHOT_NOT_NULL, key, name)) {
        json_set_bool(before, "notNull", false);
    }
    return before;
}

static bool alter_column(struct making *making, struct cJSON *table, struct sql_reader *sql) {
    struct text name;
    sql_take(sql, "column");
    struct cJSON *column = sql_take_name(sql, &name) ? snapshot_in(making, table, "columns", name) : NULL;
    if (!column) {
        return refuse_column(making, table, name);
    }
    const struct cJSON *before = column_before(making, table, column);
    if (!apply_to_column(making, table, column, sql)) {
        return false;
    }
    snapshot_change_column(making, table, before, column);
    return true;
}

static bool rename_table(struct making *making, struct cJSON *table, struct text schema, struct text name) {
    struct text name_before = text_copy(making->arena, snapshot_text(table, "name"));
    struct text schema_before =
        text_copy(making->arena, snapshot_schema((struct sql_name){snapshot_text(table, "schema"), TEXT("")}));
    bool is_put = snapshot_put_of(making, "table", text_of(json_key(table)), name_before) != NULL;
    if (!snapshot_rename_table(making, table, schema, name)) {
        return false;
    }
    if (!is_put) {
        snapshot_change(making, (struct snapshot_change){.kind = SNAPSHOT_CHANGED_NAME,
                                                         .place = "tables",
                                                         .key = text_of(json_key(table)),
                                                         .name = name,
                                                         .before = name_before,
                                                         .schema_before = schema_before});
    }
    return true;
}

static void rename_column(struct making *making, struct cJSON *table, struct cJSON *column, struct text name) {
    struct text before = text_copy(making->arena, snapshot_text(column, "name")), key = text_of(json_key(table));
    bool is_put = snapshot_put_of(making, "column", key, before) != NULL;
    snapshot_rename_column(making, table, column, name);
    if (!is_put) {
        snapshot_change(making, (struct snapshot_change){.kind = SNAPSHOT_CHANGED_NAME,
                                                         .place = "columns",
                                                         .key = key,
                                                         .table = snapshot_text(table, "name"),
                                                         .name = name,
                                                         .before = before});
    }
}

static bool rename_part(struct making *making, struct cJSON *table, struct sql_reader *sql) {
    struct text before, after;
    if (sql_take(sql, "to")) {
        return sql_take_name(sql, &after) && rename_table(making, table, snapshot_text(table, "schema"), after);
    }
    bool is_constraint = sql_take(sql, "constraint");
    sql_take(sql, "column");
    if (!sql_take_name(sql, &before) || !sql_take(sql, "to") || !sql_take_name(sql, &after)) {
        return snapshot_refuse(making, "its rename cannot be read");
    }
    if (is_constraint) {
        return snapshot_rename_constraint(making, table, before, after);
    }
    struct cJSON *column = snapshot_in(making, table, "columns", before);
    if (!column) {
        return refuse_column(making, table, before);
    }
    rename_column(making, table, column, after);
    return true;
}

static bool set_row_security(struct making *making, struct cJSON *table, bool is_on) {
    struct cJSON *before = json_member(table, "isRLSEnabled");
    if (!is_on) {
        if (json_is_true(before)) {
            snapshot_change(making, (struct snapshot_change){.kind = SNAPSHOT_CHANGED_SECURITY,
                                                             .place = "isRLSEnabled",
                                                             .key = text_of(json_key(table)),
                                                             .name = snapshot_text(table, "name")});
        }
        json_set_bool(table, "isRLSEnabled", false);
    } else if (making->is_kit) {
        snapshot_add_name(making->arena, &making->secured, text_of(json_key(table)));
    } else {
        snapshot_leave(making, "row security of", snapshot_text(table, "name"));
    }
    return true;
}

static bool is_nothing_to_snapshots(const struct sql_reader *sql) {
    static const char *const words[] = {"validate", "owner",   "enable", "disable", "replica", "force",
                                        "no",       "cluster", "set",    "reset",   "attach",  "detach"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (sql_is(sql, words[i])) {
            return true;
        }
    }
    return false;
}

static bool alter_part(struct making *making, struct cJSON *table, struct sql_reader *part) {
    if (sql_take(part, "add column")) {
        return add_column(making, table, part);
    }
    if (sql_take(part, "add")) {
        return is_constraint(part) ? snapshot_add_constraint(making, table, part, true)
                                   : add_column(making, table, part);
    }
    if (sql_take(part, "drop")) {
        return drop_part(making, table, part);
    }
    if (sql_take(part, "alter constraint")) {
        return true;
    }
    if (sql_take(part, "alter")) {
        return alter_column(making, table, part);
    }
    if (sql_take(part, "rename")) {
        return rename_part(making, table, part);
    }
    if (sql_take(part, "enable row level security")) {
        return set_row_security(making, table, true);
    }
    if (sql_take(part, "disable row level security")) {
        return set_row_security(making, table, false);
    }
    if (sql_take(part, "set schema")) {
        struct text schema;
        return sql_take_name(part, &schema) && rename_table(making, table, schema, snapshot_text(table, "name"));
    }
    return is_nothing_to_snapshots(part) ||
           snapshot_refuse(making, "it changes a table in a way that snapshots cannot express");
}

/* True for a view or a sequence, which ALTER TABLE accepts too. */
static bool is_of_another_kind(const struct making *making, struct sql_name name) {
    struct text key = snapshot_key(making->arena, name);
    return snapshot_member(making->members, snapshot_part(making, "views"), key.bytes) ||
           snapshot_member(making->members, snapshot_part(making, "sequences"), key.bytes);
}

bool snapshot_alter_table(struct making *making, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
    struct sql_name name;
    struct sql_reader part;
    sql_take(sql, "only");
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its table cannot be read");
    }
    sql_take_sign(sql, '*');
    struct cJSON *table = snapshot_table(making, name);
    if (!table) {
        return (is_guarded || snapshot_is_left(making, name.name) || is_of_another_kind(making, name)) ||
               snapshot_refuse(making, "table \"%s\" is not in the snapshot before", name.name.bytes);
    }
    while (sql_next_part(sql, &part)) {
        if (!alter_part(making, table, &part)) {
            return false;
        }
    }
    return true;
}

/* ---- DROP TABLE ---- */

static void drop_references(struct making *making, const struct cJSON *table) {
    struct text name = snapshot_text(table, "name"), schema = snapshot_text(table, "schema");
    for (const struct snapshot_found *it = snapshot_references(making, name); it; it = it->next) {
        struct text to = snapshot_text(it->item, "schemaTo");
        if (it->whole != table && (text_equal(to, schema) || (text_is(to, "public") && schema.length == 0))) {
            /* drizzle-kit drops these again, by name. */
            snapshot_add_name(making->arena, making->left, text_copy(making->arena, text_of(json_key(it->item))));
            snapshot_remove(making->members, json_member(it->whole, it->place), it->item);
        }
    }
}

void snapshot_remove_table(struct making *making, struct cJSON *table) {
    drop_references(making, table);
    snapshot_remove(making->members, snapshot_part(making, "tables"), table);
}

bool snapshot_drop_table(struct making *making, struct sql_reader *sql) {
    bool is_guarded = sql_take(sql, "if exists") || making->is_tolerant;
    struct sql_name name;
    do {
        if (!sql_take_qualified(sql, &name)) {
            return snapshot_refuse(making, "its table cannot be read");
        }
        struct cJSON *table = snapshot_table(making, name);
        if (table) {
            snapshot_change_drop(making, NULL, "tables", table);
            snapshot_remove_table(making, table);
        } else if (!is_guarded && !snapshot_is_left(making, name.name)) {
            return snapshot_refuse(making, "table \"%s\" is not in the snapshot before", name.name.bytes);
        }
    } while (sql_take_sign(sql, ','));
    return true;
}
