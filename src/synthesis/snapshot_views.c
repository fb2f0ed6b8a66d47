/* Views, and their columns, which snapshots have if the query was built from tables. */
#include "synthesis/snapshot_views.h"

#include <string.h>

#include "migfs/json/print.h"

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_columns.h"
#include "synthesis/snapshot_objects.h"

/* ---- Options ---- */

/* Converts check_option to checkOption. */
static struct text camel_case(struct arena *arena, struct text snake) {
    struct buffer camel = BUFFER(arena);
    for (size_t i = 0; i < snake.length; i++) {
        if (snake.bytes[i] == '_' && i + 1 < snake.length) {
            char next = snake.bytes[++i];
            if (next >= 'a' && next <= 'z') {
                next = (char)(next & ~0x20);
            }
            buffer_add_char(&camel, next);
        } else {
            buffer_add_char(&camel, snake.bytes[i]);
        }
    }
    return buffer_text(&camel);
}

static void set_options(struct making *making, struct cJSON *with, struct sql_reader list) {
    struct sql_reader part;
    struct text name;
    while (sql_next_part(&list, &part)) {
        if (!sql_take_name(&part, &name)) {
            continue;
        }
        struct text key = camel_case(making->arena, name);
        sql_take_sign(&part, '=');
        struct text value = sql_slice(&part, part.at, part.count);
        struct json_fault fault;
        json_remove_key(with, key.bytes);
        if (text_is(value, "true") || text_is(value, "false")) {
            json_add_bool(with, key.bytes, text_is(value, "true"));
        } else if (json_check(making->arena, value, &fault)) {
            json_add_double(with, key.bytes, json_number(text_copy(making->arena, value)));
        } else {
            json_add_text(with, key.bytes, value);
        }
    }
}

/* ---- CREATE VIEW ---- */

bool snapshot_create_view(struct making *making, struct sql_reader *sql, bool is_materialized) {
    struct sql_name name;
    struct text using = TEXT(""), tablespace = TEXT(""), definition;
    struct cJSON *with = NULL;
    struct sql_reader list;
    sql_take(sql, "if not exists");
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its view cannot be read");
    }
    if (sql_take(sql, "using")) {
        sql_take_name(sql, &using);
    }
    if (sql_take(sql, "with") && sql_take_group(sql, &list, NULL)) {
        with = json_object(making->arena);
        set_options(making, with, list);
    }
    if (sql_take(sql, "tablespace")) {
        size_t from = sql->at;
        sql_skip(sql);
        tablespace = sql_slice(sql, from, sql->at);
    }
    if (!making->is_kit || name.schema.length == 0 || !sql_take(sql, "as") || !sql_take_group(sql, NULL, &definition)) {
        return snapshot_leave(making, is_materialized ? "materialized view" : "view", name.name);
    }
    struct cJSON *views = snapshot_part(making, "views");
    struct text key = snapshot_key(making->arena, name);
    snapshot_remove_key(making->members, views, key.bytes);
    struct cJSON *view = snapshot_add(making->members, views, key.bytes);
    json_add_object(view, "columns");
    json_add_bool(view, "isNew", true); /* removed by snapshot_finish_views() */
    json_add_text(view, "definition", definition);
    json_add_text(view, "name", name.name);
    json_add_text(view, "schema", snapshot_schema(name));
    json_add_bool(view, "isExisting", false);
    if (with) {
        json_set_copy(view, "with", with);
    }
    if (sql_take(sql, "with no data")) {
        json_add_bool(view, "withNoData", true);
    }
    json_add_bool(view, "materialized", is_materialized);
    if (tablespace.length > 0) {
        json_add_text(view, "tablespace", tablespace);
    }
    if (using.length > 0) {
        json_add_text(view, "using", using);
    }
    return true;
}

/* ---- ALTER VIEW ---- */

static void reset_options(struct making *making, struct cJSON *view, struct sql_reader list) {
    struct cJSON *with = json_member(view, "with");
    struct sql_reader part;
    struct text name;
    while (with && sql_next_part(&list, &part)) {
        if (sql_take_name(&part, &name)) {
            json_remove_key(with, camel_case(making->arena, name).bytes);
        }
    }
    if (json_is_empty(with)) {
        json_remove_key(view, "with");
    }
}

bool snapshot_alter_view(struct making *making, struct sql_reader *sql, bool is_materialized) {
    struct sql_name name;
    struct text after;
    struct sql_reader list;
    (void)is_materialized;
    sql_take(sql, "if exists");
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its view cannot be read");
    }
    struct cJSON *view =
        snapshot_member(making->members, snapshot_part(making, "views"), snapshot_key(making->arena, name).bytes);
    if (!view) {
        return true;
    }
    if (sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        snapshot_move_object(making, "views", view, text_copy(making->arena, snapshot_text(view, "schema")), after);
        return true;
    }
    if (sql_take(sql, "set schema") && sql_take_name(sql, &after)) {
        snapshot_move_object(making, "views", view, after, text_copy(making->arena, snapshot_text(view, "name")));
        return true;
    }
    const struct cJSON *before = snapshot_copied(making->arena, view);
    if (sql_take(sql, "set tablespace") && !sql_at_end(sql)) {
        json_set_text(view, "tablespace", sql_slice(sql, sql->at, sql->at + 1));
    } else if (sql_take(sql, "set access method") && sql_take_name(sql, &after)) {
        json_set_text(view, "using", after);
    } else if (sql_take(sql, "set") && sql_take_group(sql, &list, NULL)) {
        struct cJSON *with = json_member(view, "with");
        set_options(making, with ? with : json_add_object(view, "with"), list);
    } else if (sql_take(sql, "reset") && sql_take_group(sql, &list, NULL)) {
        reset_options(making, view, list);
    }
    if (!text_equal(json_stringify(making->arena, before), json_stringify(making->arena, view))) {
        snapshot_change_object(making, NULL, "views", before, view);
    }
    return true;
}

/* ---- The columns of views ---- */

/* Takes `"…"` from the text; false if it does not start with one. */
static bool take_quoted(struct arena *arena, struct text *rest, struct text *ret_name) {
    size_t at;
    if (!text_starts(*rest, "\"") || !text_find(text_slice(*rest, 1, rest->length), "\"", &at)) {
        return false;
    }
    *ret_name = text_copy(arena, text_slice(*rest, 1, at + 1));
    *rest = text_slice(*rest, at + 2, rest->length);
    return true;
}

static bool take_literal(struct text *rest, const char *literal) {
    if (!text_starts(*rest, literal)) {
        return false;
    }
    *rest = text_slice(*rest, strlen(literal), rest->length);
    return true;
}

/* The table named by `from "t"` or one of its joins. */
static struct cJSON *source_of(const struct making *making, struct text definition, struct text table) {
    size_t at;
    struct text rest, name;
    if (!text_find(definition, " from \"", &at)) {
        return NULL;
    }
    rest = text_slice(definition, at + strlen(" from "), definition.length);
    struct sql_name found = {TEXT(""), TEXT("")};
    if (!take_quoted(making->arena, &rest, &name)) {
        return NULL;
    }
    found.name = name;
    if (take_literal(&rest, ".") && take_quoted(making->arena, &rest, &name)) {
        found = (struct sql_name){found.name, name};
    }
    if (table.length > 0 && !text_equal(table, found.name)) {
        found = (struct sql_name){TEXT(""), table};
    }
    return found.schema.length > 0 || table.length > 0
               ? snapshot_table(making, found)
               : snapshot_member(making->members, snapshot_part(making, "tables"),
                                 snapshot_key(making->arena, found).bytes);
}

static void add_view_column(struct making *making, struct cJSON *columns, const struct cJSON *view,
                            const struct cJSON *table, const struct cJSON *column) {
    struct text name = snapshot_text(column, "name");
    snapshot_set(making->members, columns, name.bytes, column);
    struct cJSON *made = snapshot_member(making->members, columns, name.bytes),
                 *identity = json_member(made, "identity");
    struct text value = snapshot_text(made, "default");
    if (text_ends(snapshot_text(made, "type"), "]")) { /* drizzle-kit does so in views */
        json_remove_key(made, "typeSchema");
    }
    if (text_starts(value, "'") && text_ends(value, "'")) { /* drizzle-kit does not double quotes */
        struct buffer bare = BUFFER(making->arena);
        for (size_t i = 0; i < value.length; i++) {
            buffer_add_char(&bare, value.bytes[i]);
            i += i > 0 && i + 2 < value.length && value.bytes[i] == '\'' && value.bytes[i + 1] == '\'';
        }
        json_set_text(made, "default", buffer_text(&bare));
    }
    if (identity) {
        struct text own = text_format(making->arena, "%s_%s_seq", snapshot_text(table, "name").bytes, name.bytes);
        if (snapshot_text_is(identity, "name", own)) {
            json_set_text(identity, "name",
                          text_format(making->arena, "%s_%s_seq", snapshot_text(view, "name").bytes, name.bytes));
        }
        json_set_text(identity, "schema", snapshot_text(view, "schema"));
    }
}

/* The columns of `select "a", "t"."b" from "t"`; NULL for any other query. */
static struct cJSON *columns_of(struct making *making, const struct cJSON *view) {
    struct text definition = snapshot_text(view, "definition"), rest = definition, first, name;
    struct cJSON *columns = json_object(making->arena);
    if (!take_literal(&rest, "select ")) {
        return NULL;
    }
    do {
        struct text table_name = TEXT("");
        if (!take_quoted(making->arena, &rest, &first)) {
            return NULL;
        }
        name = first;
        while (take_literal(&rest, ".")) {
            table_name = name;
            if (!take_quoted(making->arena, &rest, &name)) {
                return NULL;
            }
        }
        const struct cJSON *table = source_of(making, definition, table_name);
        const struct cJSON *column = snapshot_in(making, table, "columns", name);
        if (!column) {
            return NULL;
        }
        add_view_column(making, columns, view, table, column);
    } while (take_literal(&rest, ", "));
    return text_starts(rest, " from ") ? columns : NULL;
}

void snapshot_finish_views(struct making *making) {
    for (struct cJSON *view = json_first(snapshot_part(making, "views")); view; view = json_following(view)) {
        bool is_new = json_member(view, "isNew") != NULL;
        json_remove_key(view, "isNew");
        const struct cJSON *columns =
            is_new || !json_is_empty(json_member(view, "columns")) ? columns_of(making, view) : NULL;
        if (columns) {
            json_set_copy(view, "columns", columns);
        }
    }
}
