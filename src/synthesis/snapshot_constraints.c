/* Keys, uniques, foreign keys and checks: of a column, in a table, or added to one. */
#include "synthesis/snapshot_constraints.h"

#include <string.h>

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"

/* The name that drizzle chooses: table, columns and kind. */
static struct text default_name(struct making *making, const struct cJSON *table, const struct text *columns,
                                size_t count, const char *end) {
    struct buffer name = BUFFER(making->arena);
    buffer_add(&name, snapshot_text(table, "name"));
    for (size_t i = 0; i < count; i++) {
        buffer_add_char(&name, '_');
        buffer_add(&name, columns[i]);
    }
    buffer_add_string(&name, end);
    return buffer_text(&name);
}

static void put_constraint(struct making *making, const struct cJSON *table, struct text name) {
    struct text key = text_of(json_key(table));
    snapshot_put(making, (struct snapshot_put){.kind = "constraint", .key = key, .name = name});
}

void snapshot_add_unique(struct making *making, struct cJSON *table, struct text name, const struct text *columns,
                         size_t count, bool is_distinct) {
    put_constraint(making, table, name);
    struct cJSON *uniques = json_member(table, "uniqueConstraints");
    snapshot_remove_key(making->members, uniques, name.bytes);
    struct cJSON *unique = snapshot_add(making->members, uniques, name.bytes);
    json_add_text(unique, "name", name);
    json_add_bool(unique, "nullsNotDistinct", is_distinct);
    snapshot_add_texts(unique, "columns", columns, count);
    snapshot_note(making, table, "uniqueConstraints", unique);
}

/* ---- References ---- */

static const char *take_action(struct sql_reader *sql) {
    static const char *const actions[] = {"cascade", "restrict", "set null", "set default", "no action"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (sql_take(sql, actions[i])) {
            if (sql_is_sign(sql, '(')) {
                sql_skip(sql);
            }
            return actions[i];
        }
    }
    return NULL;
}

/* The columns of a table's primary key: the target of a reference without columns. */
static size_t key_columns(struct making *making, const struct cJSON *table, struct text **ret_columns) {
    struct text *columns = NULL;
    size_t count = 0, capacity = 0;
    const struct cJSON *key = json_first(json_member(table, "compositePrimaryKeys")), *it;
    for (it = json_first(key ? json_member(key, "columns") : json_member(table, "columns")); it;
         it = json_following(it)) {
        if (key || json_is_true(json_member(it, "primaryKey"))) {
            columns = arena_more(making->arena, columns, count, &capacity, sizeof *columns);
            columns[count++] = key ? text_of(json_chars(it)) : snapshot_text(it, "name");
        }
    }
    *ret_columns = columns;
    return count;
}

static bool take_rest_of_reference(struct making *making, struct sql_reader *sql, const char **actions) {
    while (!sql_at_end(sql)) {
        const char **action = sql_take(sql, "on delete")   ? &actions[0]
                              : sql_take(sql, "on update") ? &actions[1]
                                                           : NULL;
        if (action) {
            *action = take_action(sql);
            if (!*action) {
                return snapshot_refuse(making, "a foreign key's action cannot be read");
            }
        } else if (!sql_take(sql, "match simple") && !sql_take(sql, "match full") && !sql_take(sql, "not valid") &&
                   !sql_take(sql, "not deferrable") && !sql_take(sql, "deferrable") &&
                   !sql_take(sql, "initially deferred") && !sql_take(sql, "initially immediate")) {
            break; /* the next constraint, or the end */
        }
    }
    return true;
}

bool snapshot_add_reference(struct making *making, struct cJSON *table, struct text name, const struct text *columns,
                            size_t count, struct sql_reader *sql) {
    struct sql_name target;
    struct text *to = NULL;
    size_t to_count = 0;
    const char *actions[] = {"no action", "no action"};
    if (!sql_take_qualified(sql, &target)) {
        return snapshot_refuse(making, "a foreign key's table cannot be read");
    }
    const struct cJSON *found = snapshot_table(making, target);
    if (!sql_is_sign(sql, '(')) {
        to_count = key_columns(making, found, &to);
    } else {
        sql_take_names(sql, &to, &to_count);
    }
    if (to_count == 0) {
        return snapshot_refuse(making, "it refers to the key of table \"%s\", which the snapshot before does not have",
                               target.name.bytes);
    }
    if (!take_rest_of_reference(making, sql, actions)) {
        return false;
    }
    if (name.length == 0) {
        struct text behind = text_format(making->arena, "_%s", target.name.bytes);
        for (size_t i = 0; i < to_count; i++) {
            behind = text_format(making->arena, "%s_%s", behind.bytes, to[i].bytes);
        }
        name = default_name(making, table, columns, count, text_format(making->arena, "%s_fk", behind.bytes).bytes);
    }
    put_constraint(making, table, name);
    struct cJSON *keys = json_member(table, "foreignKeys");
    snapshot_remove_key(making->members, keys, name.bytes);
    struct cJSON *key = snapshot_add(making->members, keys, name.bytes);
    json_add_text(key, "name", name);
    json_add_text(key, "tableFrom", snapshot_text(table, "name"));
    json_add_text(key, "tableTo", target.name);
    struct text schema = found ? snapshot_text(found, "schema") : target.schema;
    if (schema.length > 0 && !text_is(schema, "public")) {
        json_add_text(key, "schemaTo", schema);
    }
    snapshot_add_texts(key, "columnsFrom", columns, count);
    snapshot_add_texts(key, "columnsTo", to, to_count);
    json_add_literal(key, "onDelete", actions[0]);
    json_add_literal(key, "onUpdate", actions[1]);
    snapshot_note(making, table, "foreignKeys", key);
    return true;
}

/* ---- In a table, or added to one ---- */

static struct cJSON *column_of(struct making *making, const struct cJSON *table, struct text name) {
    struct cJSON *column = snapshot_in(making, table, "columns", name);
    if (!column) {
        snapshot_refuse(making, "column \"%s\" of table \"%s\" is not in the snapshot before", name.bytes,
                        snapshot_text(table, "name").bytes);
    }
    return column;
}

void snapshot_set_key(struct making *making, const struct cJSON *table, struct cJSON *column, struct text name,
                      bool is_not_null) {
    struct snapshot_put put = {.kind = SNAPSHOT_KEY,
                               .key = text_of(json_key(table)),
                               .name = snapshot_text(table, "name"),
                               .constraint = name,
                               .column = snapshot_text(column, "name")};
    put.is_not_null = is_not_null || json_is_true(json_member(column, "notNull"));
    json_set_bool(column, "primaryKey", true);
    snapshot_put(making, put);
}

static bool add_primary_key(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql) {
    struct text *columns;
    size_t count;
    if (sql_is(sql, "using")) {
        return snapshot_refuse(making, "it makes an index the table's primary key");
    }
    if (!sql_take_names(sql, &columns, &count)) {
        return snapshot_refuse(making, "its primary key cannot be read");
    }
    if (count == 1 && !(making->is_kit && name.length > 0)) {
        struct cJSON *column = column_of(making, table, columns[0]);
        if (column) {
            snapshot_set_key(making, table, column, name, false);
            json_set_bool(column, "notNull", json_is_true(json_member(column, "notNull")) || !making->is_kit);
        }
        return column != NULL;
    }
    if (name.length == 0) {
        name = default_name(making, table, columns, count, "_pk");
    }
    struct cJSON *keys = json_member(table, "compositePrimaryKeys");
    struct cJSON *key = snapshot_add(making->members, keys, name.bytes);
    json_add_text(key, "name", name);
    snapshot_add_texts(key, "columns", columns, count);
    snapshot_note(making, table, "compositePrimaryKeys", key);
    struct text of = text_of(json_key(table)), owner = snapshot_text(table, "name");
    snapshot_put(making, (struct snapshot_put){.kind = SNAPSHOT_KEY, .key = of, .name = owner, .constraint = name});
    return true;
}

/* ADD CONSTRAINT … UNIQUE USING INDEX: removes the index and gives its columns to the unique. */
static bool make_index_unique(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql) {
    struct text index_name;
    struct cJSON *indexes = json_member(table, "indexes");
    if (!sql_take_name(sql, &index_name)) {
        return snapshot_refuse(making, "its index cannot be read");
    }
    struct cJSON *index = snapshot_member(making->members, indexes, index_name.bytes);
    if (!index) {
        return snapshot_refuse(making, "index \"%s\" is not in the snapshot before", index_name.bytes);
    }
    struct text columns[32];
    size_t count = 0;
    const struct cJSON *it;
    for (it = json_first(json_member(index, "columns")); it && count < sizeof columns / sizeof *columns;
         it = json_following(it)) {
        columns[count++] = snapshot_text(it, "expression");
    }
    snapshot_change_drop(making, table, "indexes", index);
    snapshot_remove(making->members, indexes, index);
    snapshot_add_unique(making, table, name.length > 0 ? name : index_name, columns, count, false);
    return true;
}

static bool add_unique(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql) {
    struct text *columns;
    size_t count;
    bool is_distinct = sql_take(sql, "nulls not distinct");
    sql_take(sql, "nulls distinct");
    if (sql_take(sql, "using index")) {
        return make_index_unique(making, table, name, sql);
    }
    if (!sql_take_names(sql, &columns, &count)) {
        return snapshot_refuse(making, "its unique constraint cannot be read");
    }
    if (name.length == 0) {
        name = default_name(making, table, columns, count, "_unique");
    }
    snapshot_add_unique(making, table, name, columns, count, is_distinct);
    return true;
}

static bool add_check(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql,
                      bool is_by_alter) {
    struct text value;
    if (!sql_take_group(sql, NULL, &value)) {
        return snapshot_refuse(making, "its check cannot be read");
    }
    if (name.length == 0) {
        name = default_name(making, table, NULL, 0, "_check");
    }
    if (is_by_alter && !making->is_kit) {
        return snapshot_leave(making, "check", name);
    }
    put_constraint(making, table, name);
    struct cJSON *checks = json_member(table, "checkConstraints");
    snapshot_remove_key(making->members, checks, name.bytes);
    struct cJSON *check = snapshot_add(making->members, checks, name.bytes);
    json_add_text(check, "name", name);
    json_add_text(check, "value", making->is_kit ? value : text_trim(value));
    return true;
}

bool snapshot_add_constraint(struct making *making, struct cJSON *table, struct sql_reader *sql, bool is_by_alter) {
    struct text name = TEXT(""), *columns;
    size_t count;
    if (sql_take(sql, "constraint") && !sql_take_name(sql, &name)) {
        return snapshot_refuse(making, "a constraint has no name");
    }
    if (sql_take(sql, "primary key")) {
        return add_primary_key(making, table, name, sql);
    }
    if (sql_take(sql, "unique")) {
        return add_unique(making, table, name, sql);
    }
    if (sql_take(sql, "check")) {
        return add_check(making, table, name, sql, is_by_alter);
    }
    if (sql_take(sql, "exclude")) {
        return snapshot_leave(making, "exclusion constraint", name);
    }
    if (sql_take(sql, "foreign key") && sql_take_names(sql, &columns, &count) && sql_take(sql, "references")) {
        return snapshot_add_reference(making, table, name, columns, count, sql);
    }
    return snapshot_refuse(making, "a constraint cannot be read");
}

/* ---- Dropping and renaming ---- */

static const char *const places[] = {"foreignKeys", "uniqueConstraints", "checkConstraints", "compositePrimaryKeys"};
enum { PLACES = sizeof places / sizeof *places };

struct cJSON *snapshot_key_of(struct arena *arena, const struct cJSON *table) {
    struct cJSON *of = json_object(arena);
    json_set_copy(of, "compositePrimaryKeys", json_member(table, "compositePrimaryKeys"));
    struct cJSON *columns = json_add_array(of, "columns");
    for (struct cJSON *it = json_first(json_member(table, "columns")); it; it = json_following(it)) {
        if (json_is_true(json_member(it, "primaryKey"))) {
            json_add_text(columns, NULL, snapshot_text(it, "name"));
        }
    }
    return of;
}

/* Records the key that is about to be dropped. */
static void change_key(struct making *making, const struct cJSON *table) {
    struct text key = text_of(json_key(table)), name = snapshot_text(table, "name");
    struct cJSON *previous = snapshot_key_of(making->arena, table);
    if (snapshot_put_of(making, SNAPSHOT_KEY, key, name)) {
        return; /* neither the snapshot before nor the database has it */
    }
    snapshot_change(making,
                    (struct snapshot_change){
                        .kind = SNAPSHOT_DROPPED_KEY, .place = "keys", .key = key, .name = name, .previous = previous});
}

/* Drops a primary key that PostgreSQL named: flags of single columns, or a composite key, which has
 * drizzle's name in the snapshot. */
static bool drop_key(struct making *making, struct cJSON *table) {
    bool has_dropped = false;
    struct cJSON *keys = json_member(table, "compositePrimaryKeys"), *it;
    change_key(making, table);
    if (json_first(keys)) {
        snapshot_remove(making->members, keys, json_first(keys));
        has_dropped = true;
    }
    for (it = json_first(json_member(table, "columns")); it; it = json_following(it)) {
        if (json_is_true(json_member(it, "primaryKey"))) {
            json_set_bool(it, "primaryKey", false);
            has_dropped = true;
        }
    }
    return has_dropped;
}

/* The snapshot does not have the name of a primary key that is the flag of its column; what a hand
 * named is known. */
static struct snapshot_put *key_named(const struct making *making, const struct cJSON *table, struct text name) {
    for (size_t i = 0; i < making->put->count; i++) {
        struct snapshot_put *it = &making->put->puts[i];
        if (it->column.length > 0 && text_is(it->key, json_key(table)) && text_equal(it->constraint, name)) {
            return it;
        }
    }
    return NULL;
}

bool snapshot_drop_constraint(struct making *making, struct cJSON *table, struct text name, bool is_tolerant) {
    for (size_t i = 0; i < PLACES; i++) {
        struct cJSON *place = json_member(table, places[i]);
        struct cJSON *found = snapshot_member(making->members, place, name.bytes);
        if (found) {
            if (strcmp(places[i], "compositePrimaryKeys") == 0) {
                change_key(making, table);
            } else {
                snapshot_change_drop(making, table, places[i], found);
            }
            snapshot_remove(making->members, place, found);
            return true;
        }
    }
    struct text key = text_format(making->arena, "%s_pkey", snapshot_text(table, "name").bytes);
    bool is_key = text_equal(key, name) || key_named(making, table, name);
    if ((is_key && drop_key(making, table)) || is_tolerant || snapshot_is_left(making, name)) {
        return true;
    }
    return snapshot_refuse(making, "constraint \"%s\" of table \"%s\" is not in the snapshot before", name.bytes,
                           snapshot_text(table, "name").bytes);
}

void snapshot_rename_part(struct making *making, struct cJSON *table, const char *place, struct cJSON *part,
                          struct text after) {
    struct text key = text_of(json_key(table)), before = text_copy(making->arena, snapshot_text(part, "name"));
    const char *kind = strcmp(place, "indexes") == 0 ? "index" : "constraint";
    bool is_put = snapshot_put_of(making, kind, key, before) != NULL;
    snapshot_rename(making->members, json_member(table, place), part, after);
    json_set_text(part, "name", after);
    snapshot_note(making, table, place, part);
    snapshot_rename_put(making, table, before, after);
    snapshot_changes_rename(making, place, key, before, after);
    if (!is_put) {
        snapshot_change(
            making, (struct snapshot_change){
                        .kind = SNAPSHOT_CHANGED_NAME, .place = place, .key = key, .name = after, .before = before});
    }
}

bool snapshot_rename_constraint(struct making *making, struct cJSON *table, struct text before, struct text after) {
    for (size_t i = 0; i < PLACES; i++) {
        struct cJSON *found = snapshot_in(making, table, places[i], before);
        if (found) {
            snapshot_rename_part(making, table, places[i], found, after);
            return true;
        }
    }
    if (snapshot_is_left(making, before)) {
        snapshot_add_name(making->arena, making->left, after);
        return true;
    }
    struct snapshot_put *named = key_named(making, table, before);
    if (named) {
        named->constraint = after;
        return true;
    }
    struct text key = text_format(making->arena, "%s_pkey", snapshot_text(table, "name").bytes);
    return text_equal(key, before) ||
           snapshot_refuse(making, "constraint \"%s\" of table \"%s\" is not in the snapshot before", before.bytes,
                           snapshot_text(table, "name").bytes);
}
