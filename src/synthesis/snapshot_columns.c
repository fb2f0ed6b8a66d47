/* Columns: types, defaults, and column constraints. */
#include "synthesis/snapshot_columns.h"

#include <stdlib.h>
#include <string.h>

#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_constraints.h"
#include "synthesis/snapshot_sequences.h"

/* ---- What the snapshot shows of habits ---- */

static bool is_numeric(struct text type) {
    static const char *const numeric[] = {"smallint",    "integer", "bigint", "serial",          "bigserial",
                                          "smallserial", "numeric", "real",   "double precision"};
    for (size_t i = 0; i < sizeof numeric / sizeof *numeric; i++) {
        if (text_is(type, numeric[i]) ||
            (text_starts(type, numeric[i]) && type.bytes[strlen(numeric[i])] == '(' && !text_ends(type, "]"))) {
            return true;
        }
    }
    return false;
}

/* True for a number that JavaScript prints with the same digits. */
static bool is_number(struct arena *arena, struct text text, double *ret_number) {
    struct json_fault fault;
    if (!json_check(arena, text, &fault) || json_type(text) != JSON_NUMBER) {
        return false;
    }
    *ret_number = json_number(text_copy(arena, text));
    return *ret_number <= 9007199254740991.0 && *ret_number >= -9007199254740991.0;
}

static int compare_types(const void *a, const void *b) {
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static void add_habits_of(struct making *making, struct snapshot_column_habits *habits, const struct cJSON *column) {
    const struct cJSON *value = json_member(column, "default");
    struct text type = snapshot_text(column, "type");
    double number;
    snapshot_add_name(making->arena, &habits->types, type);
    habits->has_number = habits->has_number || json_is_number(value);
    habits->has_number_as_text =
        habits->has_number_as_text ||
        (json_chars(value) && is_numeric(type) && is_number(making->arena, text_of(json_chars(value)), &number));
}

static const struct snapshot_column_habits *column_habits(struct making *making) {
    struct snapshot_column_habits *habits = &making->column_habits;
    const struct cJSON *table, *column;
    if (habits->is_read) {
        return habits;
    }
    for (table = json_first(json_member(making->habits, "tables")); table; table = json_following(table)) {
        for (column = json_first(json_member(table, "columns")); column; column = json_following(column)) {
            add_habits_of(making, habits, column);
        }
    }
    if (habits->types.count > 0) {
        qsort(habits->types.names, habits->types.count, sizeof *habits->types.names, compare_types);
    }
    habits->is_read = true;
    return habits;
}

static bool is_spelled_so(struct making *making, struct text type) {
    const struct snapshot_names *types = &column_habits(making)->types;
    return types->count > 0 && bsearch(&type, types->names, types->count, sizeof type, compare_types);
}

/* True if the folder writes numeric defaults as strings: its snapshot has such a default and none
 * that is a number. */
static bool has_numbers_as_texts(struct making *making) {
    const struct snapshot_column_habits *habits = column_habits(making);
    return habits->has_number_as_text && !habits->has_number;
}

/* ---- Types ---- */

/* Synonyms in PostgreSQL for the names that drizzle writes. Longer ones come before their
 * prefixes. */
static const struct {
    const char *written, *drizzle;
} same_types[] = {
    {"character varying", "varchar"},
    {"character", "char"},
    {"timestamp without time zone", "timestamp"},
    {"timestamptz", "timestamp with time zone"},
    {"timetz", "time with time zone"},
    {"decimal", "numeric"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"int", "integer"},
    {"bool", "boolean"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"serial4", "serial"},
    {"serial8", "bigserial"},
    {"serial2", "smallserial"},
};

/* The tokens with names unquoted, unquoted words in lower case, and the blanks between them
 * unchanged. */
static struct text unquoted(const struct sql_reader *sql, size_t from, size_t to) {
    struct buffer text = BUFFER(sql->arena);
    for (size_t i = from; i < to; i++) {
        struct text token = sql_token_text(sql, i);
        if (i > from) {
            buffer_add(&text, text_slice(sql->text, sql->tokens[i - 1].end, sql->tokens[i].start));
        }
        if (sql->tokens[i].kind == TOKEN_QUOTED) {
            struct sql_reader one = *sql;
            one.at = i;
            sql_take_name(&one, &token);
        } else if (sql->tokens[i].kind == TOKEN_WORD) {
            token = sql_lower(sql->arena, token);
        }
        buffer_add(&text, token);
    }
    return buffer_text(&text);
}

/* `(10,2)` as drizzle writes it: `(10, 2)`, with a blank before it for timestamps. */
static void add_arguments(struct buffer *type, struct text arguments, bool is_timestamp) {
    buffer_add_string(type, is_timestamp ? " (" : "(");
    for (size_t i = 0; i < arguments.length; i++) {
        char byte = arguments.bytes[i];
        if (byte == ',') {
            buffer_add_string(type, ", ");
        } else if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') {
            buffer_add_char(type, byte);
        }
    }
    buffer_add_char(type, ')');
}

/* `text` is in lower case: a name, arguments in parentheses, what follows them, `[]`. */
static struct text as_drizzle_writes(struct arena *arena, struct text text, bool is_kit) {
    struct buffer type = BUFFER(arena);
    size_t open = text.length, close = text.length;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '(' && open == text.length) {
            open = i;
        } else if (text.bytes[i] == ')') {
            close = i;
        } else if (text.bytes[i] == '[' && open == text.length) {
            open = i;
            break;
        }
    }
    struct text name = text_trim(text_slice(text, 0, open)), arguments = text_slice(text, open + 1, close),
                behind = TEXT("");
    bool has_arguments = open < text.length && text.bytes[open] == '(' && close < text.length;
    struct text rest = has_arguments ? text_slice(text, close + 1, text.length) : text_slice(text, open, text.length);
    struct text written = name;
    for (size_t i = 0; i < sizeof same_types / sizeof *same_types; i++) {
        if (text_is(name, same_types[i].written)) {
            name = text_of(same_types[i].drizzle);
            break;
        }
    }
    if (is_kit && text_equal(name, written)) {
        return text; /* versions of drizzle-orm differ in the blank before the parentheses */
    }
    size_t zone;
    if (text_find(name, " with time zone", &zone)) { /* drizzle writes it after the arguments */
        behind = text_slice(name, zone, name.length);
        name = text_slice(name, 0, zone);
    }
    buffer_add(&type, name);
    if (has_arguments) {
        add_arguments(&type, arguments, text_is(name, "timestamp"));
    }
    buffer_add(&type, behind);
    if (!text_is(text_trim(rest), "without time zone")) {
        buffer_add(&type, rest);
    }
    return buffer_text(&type);
}

/* The type if it is an enum or an array of one; *ret_behind is the token after its name. */
static struct cJSON *enum_of(struct making *making, struct sql_reader sql, size_t *ret_behind) {
    struct sql_name name;
    if (!sql_take_qualified(&sql, &name)) {
        return NULL;
    }
    *ret_behind = sql.at;
    bool is_array = sql_is_sign(&sql, '[');
    return sql_at_end(&sql) || is_array ? snapshot_enum(making, name) : NULL;
}

void snapshot_set_type(struct making *making, struct cJSON *column, const struct sql_reader *sql, size_t from,
                       size_t to) {
    struct sql_reader type = *sql;
    type.at = from;
    type.count = to;
    size_t behind;
    struct cJSON *of_enum = enum_of(making, type, &behind);
    if (of_enum) {
        struct buffer name = BUFFER(making->arena);
        buffer_add(&name, snapshot_text(of_enum, "name"));
        buffer_add(&name, sql_slice(&type, behind, to));
        json_set_text(column, "type", buffer_text(&name));
        json_set_text(column, "typeSchema", snapshot_text(of_enum, "schema"));
        return;
    }
    json_remove_key(column, "typeSchema");
    /* drizzle-kit writes this before a type that is neither built in nor an enum. */
    if (text_is(sql_token_text(&type, from), "\"undefined\"") && to > from + 2) {
        from += 2;
    }
    struct text text = unquoted(sql, from, to);
    bool is_quoted = sql->tokens[from].kind == TOKEN_QUOTED;
    if (!is_quoted && !is_spelled_so(making, text)) {
        text = as_drizzle_writes(making->arena, text, making->is_kit);
    }
    json_set_text(column, "type", text);
}

/* ---- Defaults ---- */

void snapshot_set_default(struct making *making, struct cJSON *column, struct text text) {
    struct text lower = sql_lower(making->arena, text), type = snapshot_text(column, "type");
    double number;
    if (is_numeric(type) && is_number(making->arena, text, &number) && !has_numbers_as_texts(making)) {
        json_remove_key(column, "default");
        json_add_double(column, "default", number);
    } else if (text_is(type, "boolean") && (text_is(lower, "true") || text_is(lower, "false"))) {
        json_set_bool(column, "default", text_is(lower, "true"));
    } else if (text_is(lower, "null")) {
        json_remove_key(column, "default");
        json_add_null(column, "default");
    } else if (text_is(lower, "now()")) {
        json_set_text(column, "default", lower);
    } else {
        json_set_text(column, "default", text);
    }
}

/* ---- A column and all behind it ---- */

static bool begins_constraint(const struct sql_reader *sql) {
    static const char *const words[] = {"constraint", "not",   "null",      "default", "primary",    "unique",
                                        "references", "check", "generated", "collate", "deferrable", "initially"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (sql_is(sql, words[i])) {
            return true;
        }
    }
    return false;
}

static void skip_value(struct sql_reader *sql) {
    do {
        sql_skip(sql);
    } while (!sql_at_end(sql) && !begins_constraint(sql));
}

static bool add_unique_beside(struct making *making, struct cJSON *table, struct text column, struct text name,
                              struct sql_reader *sql) {
    bool is_distinct = sql_take(sql, "nulls not distinct");
    sql_take(sql, "nulls distinct");
    if (name.length == 0) {
        name = text_format(making->arena, "%s_%s_unique", snapshot_text(table, "name").bytes, column.bytes);
    }
    snapshot_add_unique(making, table, name, &column, 1, is_distinct);
    return true;
}

static bool add_generated(struct making *making, struct cJSON *table, struct cJSON *column, struct sql_reader *sql) {
    struct text text;
    size_t from = sql->at;
    if (!sql_take(sql, "always as") || !sql_is_sign(sql, '(')) {
        sql->at = from;
        return snapshot_set_identity(making, table, column, sql);
    }
    sql_take_group(sql, NULL, &text);
    sql_take(sql, "stored");
    struct cJSON *generated = json_add_object(column, "generated");
    json_add_text(generated, "as", text);
    json_add_literal(generated, "type", "stored");
    snapshot_note(making, table, "columns", column);
    return true;
}

static bool add_check_beside(struct making *making, struct cJSON *table, struct text column, struct text name,
                             struct sql_reader *sql) {
    struct text value;
    if (!sql_take_group(sql, NULL, &value)) {
        return snapshot_refuse(making, "its check cannot be read");
    }
    sql_take(sql, "no inherit");
    if (name.length == 0) {
        name = text_format(making->arena, "%s_%s_check", snapshot_text(table, "name").bytes, column.bytes);
    }
    struct text key = text_of(json_key(table));
    snapshot_put(making, (struct snapshot_put){.kind = "constraint", .key = key, .name = name});
    struct cJSON *check = snapshot_add(making->members, json_member(table, "checkConstraints"), name.bytes);
    json_add_text(check, "name", name);
    json_add_text(check, "value", text_trim(value));
    return true;
}

static bool has_not_null(const struct sql_reader *sql) {
    for (struct sql_reader rest = *sql; !sql_at_end(&rest); sql_skip(&rest)) {
        if (sql_take(&rest, "not null")) {
            return true;
        }
    }
    return false;
}

static bool add_beside(struct making *making, struct cJSON *table, struct cJSON *column, struct text column_name,
                       struct sql_reader *sql) {
    struct text name = TEXT("");
    if (sql_take(sql, "constraint") && !sql_take_name(sql, &name)) {
        return snapshot_refuse(making, "a constraint has no name");
    }
    if (sql_take(sql, "not null")) {
        json_set_bool(column, "notNull", true);
    } else if (sql_take(sql, "primary key")) {
        snapshot_set_key(making, table, column, name, has_not_null(sql));
        json_set_bool(column, "notNull", true);
    } else if (sql_take(sql, "default")) {
        size_t from = sql->at;
        skip_value(sql);
        snapshot_set_default(making, column, sql_slice(sql, from, sql->at));
    } else if (sql_take(sql, "unique")) {
        return add_unique_beside(making, table, column_name, name, sql);
    } else if (sql_take(sql, "references")) {
        return snapshot_add_reference(making, table, name, &column_name, 1, sql);
    } else if (sql_take(sql, "check")) {
        return add_check_beside(making, table, column_name, name, sql);
    } else if (sql_take(sql, "generated")) {
        return add_generated(making, table, column, sql);
    } else if (sql_take(sql, "collate")) {
        struct sql_name collation;
        sql_take_qualified(sql, &collation);
    } else if (!sql_take(sql, "null") && !sql_take(sql, "not deferrable") && !sql_take(sql, "deferrable") &&
               !sql_take(sql, "initially deferred") && !sql_take(sql, "initially immediate")) {
        return snapshot_refuse(making, "column \"%s\" cannot be read", column_name.bytes);
    }
    return true;
}

bool snapshot_add_column(struct making *making, struct cJSON *table, struct text name, struct sql_reader *sql) {
    struct cJSON *columns = json_member(table, "columns");
    size_t from = sql->at;
    while (!sql_at_end(sql) && !begins_constraint(sql)) {
        sql_skip(sql);
    }
    if (sql->at == from) {
        return snapshot_refuse(making, "column \"%s\" has no type", name.bytes);
    }
    struct cJSON *column = snapshot_add(making->members, columns, name.bytes);
    json_add_text(column, "name", name);
    snapshot_set_type(making, column, sql, from, sql->at);
    snapshot_note(making, table, "columns", column);
    json_add_bool(column, "primaryKey", false);
    json_add_bool(column, "notNull", false);
    while (!sql_at_end(sql)) {
        if (!add_beside(making, table, column, name, sql)) {
            return false;
        }
    }
    return true;
}
