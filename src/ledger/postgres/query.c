/* The SQL, and the parser of its results. It uses no clock, no sockets and no libpq.
 *
 * No setting outlasts the message: SET LOCAL ends with its transaction. The lock timeout is shorter
 * than the statement timeout, so that the server can tell a lock from a slow query, and both are
 * shorter than our own. With row_security off, a policy that hides rows causes an error instead of
 * a ledger that looks shorter than it is. */
#include "ledger/postgres/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/postgres/catalog_query.h"
#include "ledger/postgres/runs_query.h"
#include "ledger/postgres/tools.h"

enum { HASH_MAXIMUM = 1024 }; /* bytes, as promised in ledger.h */

/* Columns of a ledger row. */
enum { COLUMN_ID, COLUMN_HASH, COLUMN_CREATED_AT, COLUMN_NAME, COLUMNS };

/* Columns of the first result, which has one row per existing column, or a single row. */
enum { FOUND_TABLE, FOUND_NAME, FOUND_TYPE, FOUND_OFFERED, FOUND_TAKEN, FOUND };

/* OIDs in pg_type, which never change. */
enum { INT8 = 20, INT2 = 21, INT4 = 23, TEXT_TYPE = 25, NAME = 19, NUMERIC = 1700, REGCLASS = 2205 };

static const char head_format[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    "SET LOCAL statement_timeout = %u; SET LOCAL lock_timeout = %u;"
    "SET LOCAL row_security = off; SET LOCAL search_path = pg_catalog;"
    "SELECT ledger, attname, format_type(atttypid, atttypmod), %s"
    " FROM (SELECT to_regclass(%s)) AS found (ledger) LEFT JOIN pg_attribute"
    " ON attrelid = ledger AND attname IN ('id', 'hash', 'created_at', 'name', 'applied_at') AND NOT attisdropped;";

/* Counting takes a tenth of a read's time with some hundred connections. */
static const char *const places[] = {
    "NULL::text, NULL::bigint",
    "current_setting('max_connections'), (SELECT count(*) FROM pg_stat_get_backend_idset())"};

static const char body_format[] = "SELECT %s, left(hash::text, 1024), created_at, %s FROM %s.%s LIMIT %d;";

/* Doubles every character of `doubled` in `string` and puts `before` and `after` around it. */
static char *quote(const char *before, const char *string, const char *doubled, const char *after) {
    char *quoted = malloc(strlen(before) + 2 * strlen(string) + strlen(after) + 1);
    if (!quoted) {
        return NULL;
    }
    char *end = stpcpy(quoted, before);
    for (; *string != '\0'; string++) {
        if (strchr(doubled, *string)) {
            *end++ = *string;
        }
        *end++ = *string;
    }
    stpcpy(end, after);
    return quoted;
}

/* Quotes the name for to_regclass(), as a literal that does not depend on
 * standard_conforming_strings. */
static char *quote_regclass(const char *schema, const char *table) {
    char *name = NULL;
    if (asprintf(&name, "%s.%s", schema, table) < 0) {
        return NULL;
    }
    char *literal = quote("E'", name, "'\\", "'");
    free(name);
    return literal;
}

static bool fill_head(struct ledger_query *query, const char *literal, unsigned timeout_ms) {
    unsigned statement_ms = timeout_ms / 10 * 9, lock_ms = timeout_ms / 10 * 8;
    query->runs = runs_query_text(literal, statement_ms > 0 ? statement_ms : 1, lock_ms > 0 ? lock_ms : 1);
    if (!query->runs) {
        return false;
    }
    for (int asks = 0; asks < 2; asks++) {
        if (asprintf(&query->head[asks], head_format, statement_ms > 0 ? statement_ms : 1, lock_ms > 0 ? lock_ms : 1,
                     places[asks], literal) < 0) {
            query->head[asks] = NULL;
            return false;
        }
    }
    return true;
}

static bool fill_body(struct ledger_query *query) {
    for (int has_id = 0; has_id < 2; has_id++) {
        for (int is_v1 = 0; is_v1 < 2; is_v1++) {
            if (asprintf(&query->body[has_id][is_v1], body_format, has_id ? "left(id::text, 64)" : "NULL::text",
                         is_v1 ? "left(name::text, 1024)" : "NULL::text", query->schema, query->table,
                         LEDGER_ROWS_MAXIMUM + 1) < 0) {
                query->body[has_id][is_v1] = NULL;
                return false;
            }
        }
    }
    return true;
}

bool ledger_query_create(struct ledger_query *ret_query, const char *schema, const char *table, unsigned timeout_ms,
                         struct error *error) {
    struct ledger_query query = {
        .schema = quote("\"", schema, "\"", "\""),
        .table = quote("\"", table, "\"", "\""),
    };
    char *literal = query.schema && query.table ? quote_regclass(query.schema, query.table) : NULL;
    if (!literal || !fill_head(&query, literal, timeout_ms) || !fill_body(&query)) {
        free(literal);
        ledger_query_destroy(&query);
        return error_set_memory(error);
    }
    query.literal = literal;
    *ret_query = query;
    return true;
}

void ledger_query_destroy(struct ledger_query *query) {
    free(query->schema);
    free(query->table);
    free(query->literal);
    free(query->runs);
    free(query->head[0]);
    free(query->head[1]);
    for (int i = 0; i < 4; i++) {
        free(query->body[i / 2][i % 2]);
    }
    memset(query, 0, sizeof(*query));
}

bool ledger_columns_equal(const struct ledger_columns *a, const struct ledger_columns *b) {
    return a->is_table == b->is_table && a->has_id == b->has_id && a->has_hash == b->has_hash &&
           a->has_created_at == b->has_created_at && a->has_name == b->has_name &&
           a->has_applied_at == b->has_applied_at && strcmp(a->created_at_type, b->created_at_type) == 0;
}

bool ledger_columns_suffice(const struct ledger_columns *columns) {
    return columns->is_table && columns->has_hash && columns->has_created_at;
}

static bool is_v1(const struct ledger_columns *columns) {
    return columns->has_name && columns->has_applied_at;
}

char *ledger_query_text(const struct ledger_query *query, const struct ledger_columns *columns, bool asks_for_places,
                        bool asks_for_runs, const struct catalog_question *catalogs) {
    const char *body = ledger_columns_suffice(columns) ? query->body[columns->has_id][is_v1(columns)] : "";
    char *rest = catalogs ? catalog_query_text(query->literal, tools_candidates, catalogs) : strdup("");
    char *text = NULL;
    bool is_made = rest && asprintf(&text, "%s%s%s%s COMMIT", asks_for_runs ? query->runs : "",
                                    query->head[asks_for_places], body, rest) >= 0;
    free(rest);
    return is_made ? text : NULL;
}

/* ---- results ---- */

/* Reads exactly `count` types. */
static bool read_types(const char **at, const char *end, uint32_t *ret_types, size_t count) {
    struct wire_message message;
    if (wire_take_message(at, end, &message) != 1 || message.kind != WIRE_COLUMNS) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!wire_take_number(&message, &ret_types[i])) {
            return false;
        }
    }
    return message.at == message.end;
}

struct cell {
    struct text text; /* empty for NULL */
    bool is_null;
};

static bool read_cells(struct wire_message *message, struct cell *ret_cells, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!wire_take_cell(message, &ret_cells[i].text, &ret_cells[i].is_null)) {
            return false;
        }
    }
    return message->at == message->end;
}

/* ---- existing columns ---- */

static bool set_once(bool *is_there) {
    bool was_there = *is_there;
    *is_there = true;
    return !was_there;
}

/* Returns false for a column that was not queried, or a duplicate. */
static bool add_column(struct ledger_columns *columns, struct text name, struct text type) {
    if (text_is(name, "created_at")) {
        size_t length =
            type.length < sizeof(columns->created_at_type) ? type.length : sizeof(columns->created_at_type) - 1;
        memcpy(columns->created_at_type, type.bytes, length);
        columns->created_at_type[length] = '\0';
        return set_once(&columns->has_created_at);
    }
    return text_is(name, "id")           ? set_once(&columns->has_id)
           : text_is(name, "hash")       ? set_once(&columns->has_hash)
           : text_is(name, "name")       ? set_once(&columns->has_name)
           : text_is(name, "applied_at") ? set_once(&columns->has_applied_at)
                                         : false;
}

static size_t read_count(const struct cell *cell) {
    int64_t count;
    return text_to_int64(cell->text, &count) && count > 0 ? (size_t)count : 0;
}

/* A table without any of the columns gives one row, and so does a missing table. */
static bool add_found(struct ledger_result *result, const struct cell *cells, size_t index) {
    bool is_table = !cells[FOUND_TABLE].is_null, is_column = !cells[FOUND_NAME].is_null;
    if (index > 0 && (!is_column || is_table != result->columns.is_table)) {
        return false;
    }
    result->columns.is_table = is_table;
    result->places = (struct ledger_server_places){read_count(&cells[FOUND_OFFERED]), read_count(&cells[FOUND_TAKEN])};
    return is_column ? is_table && add_column(&result->columns, cells[FOUND_NAME].text, cells[FOUND_TYPE].text)
                     : cells[FOUND_TYPE].is_null;
}

static bool read_found(const char **at, const char *end, struct ledger_result *result) {
    static const uint32_t expected[FOUND] = {REGCLASS, NAME, TEXT_TYPE, TEXT_TYPE, INT8};
    uint32_t types[FOUND];
    struct wire_message message;
    if (!read_types(at, end, types, FOUND) || memcmp(types, expected, sizeof(types)) != 0) {
        return false;
    }
    for (size_t count = 0; wire_take_message(at, end, &message) == 1; count++) {
        struct cell cells[FOUND];
        if (message.kind != WIRE_ROW) {
            return count > 0 && wire_is_end(&message, count);
        }
        if (!read_cells(&message, cells, FOUND) || !add_found(result, cells, count)) {
            return false;
        }
    }
    return false;
}

/* ---- the rows ---- */

static bool read_rows(const char **at, const char *end, struct ledger_result *result) {
    uint32_t types[COLUMNS];
    const char *start;
    struct wire_message message;
    if (!read_types(at, end, types, COLUMNS) || types[COLUMN_ID] != TEXT_TYPE || types[COLUMN_HASH] != TEXT_TYPE ||
        types[COLUMN_NAME] != TEXT_TYPE) {
        return false;
    }
    result->created_at_type = types[COLUMN_CREATED_AT];
    for (start = *at; wire_take_message(at, end, &message) == 1; result->row_count++) {
        struct cell cells[COLUMNS];
        if (message.kind != WIRE_ROW) {
            return wire_is_end(&message, result->row_count);
        }
        if (!read_cells(&message, cells, COLUMNS)) {
            return false;
        }
        result->rows = (struct text){start, (size_t)(*at - start)};
    }
    return false;
}

bool ledger_query_read(const struct ledger_query *query, const struct ledger_columns *expected, bool expects_runs,
                       bool expects_catalogs, struct text messages, struct ledger_result *ret_result,
                       struct error *error) {
    static const char *const before[] = {"BEGIN", "SET", "SET", "SET", "SET"};
    const char *at = messages.bytes, *end = messages.bytes + messages.length;
    struct ledger_result result = {.rows = TEXT("")};
    bool is_right = !expects_runs || runs_query_take(&at, end, &result.runs);
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        is_right = is_right && wire_take_command(&at, end, before[i]);
    }
    is_right = is_right && read_found(&at, end, &result) &&
               (!ledger_columns_suffice(expected) || read_rows(&at, end, &result)) &&
               (!expects_catalogs || catalog_query_take(&at, end, &result.catalogs)) &&
               wire_take_command(&at, end, "COMMIT") && at == end;
    if (!is_right) {
        return error_set(error, ERROR_DATABASE,
                         "what the server says of %s.%s is not an answer to what was asked, so none of it is used; see "
                         "whether PostgreSQL runs there",
                         query->schema, query->table);
    }
    *ret_result = result;
    return true;
}

struct digest ledger_query_digest(const struct ledger_result *result) {
    const struct ledger_columns *columns = &result->columns;
    const bool flags[] = {columns->is_table, is_v1(columns), columns->has_id};
    const struct text parts[] = {{(const char *)flags, sizeof(flags)}, result->rows};
    return digest_of_parts(parts, sizeof(parts) / sizeof(parts[0]));
}

/* The server sends the base type of a domain. */
static bool is_whole_number(uint32_t type) {
    return type == INT8 || type == INT2 || type == INT4 || type == NUMERIC;
}

static bool check(const struct ledger_query *query, const struct ledger_result *result, struct error *error) {
    if (!ledger_columns_suffice(&result->columns)) {
        return error_set(error, ERROR_DATABASE,
                         "%s.%s has no column \"%s\", so it is not a Drizzle ledger; correct --migrations-schema and "
                         "--migrations-table",
                         query->schema, query->table, result->columns.has_hash ? "created_at" : "hash");
    }
    if (!is_whole_number(result->created_at_type)) {
        return error_set(
            error, ERROR_DATABASE,
            "the column \"created_at\" of %s.%s has type %s where Drizzle's ledger has bigint, so no timestamp "
            "can be read from it",
            query->schema, query->table, result->columns.created_at_type);
    }
    if (result->row_count > LEDGER_ROWS_MAXIMUM) {
        return error_set(error, ERROR_DATABASE, "%s.%s has more than %d rows, so it is not taken for a Drizzle ledger",
                         query->schema, query->table, LEDGER_ROWS_MAXIMUM);
    }
    return true;
}

/* Cuts at the end of a character. */
static struct text cut(struct text text) {
    if (text.length > HASH_MAXIMUM) {
        text.length = HASH_MAXIMUM;
        while (text.length > HASH_MAXIMUM - 4 && ((unsigned char)text.bytes[text.length] & 0xc0) == 0x80) {
            text.length--;
        }
    }
    return text;
}

static bool read_row(const struct ledger_query *query, const char **at, const char *end, struct ledger_row *ret_row,
                     struct error *error) {
    struct wire_message message;
    struct cell cells[COLUMNS];
    if (wire_take_message(at, end, &message) != 1 || !read_cells(&message, cells, COLUMNS)) {
        return error_set(error, ERROR_DATABASE, "a row of %s.%s is none", query->schema, query->table);
    }
    struct ledger_row row = {
        .id = cut(cells[COLUMN_ID].text),
        .hash = cut(cells[COLUMN_HASH].text),
        .is_hash_null = cells[COLUMN_HASH].is_null,
        .has_created_at = !cells[COLUMN_CREATED_AT].is_null,
        .name = cut(cells[COLUMN_NAME].text),
    };
    struct text created_at = cells[COLUMN_CREATED_AT].text;
    if (row.has_created_at && !text_to_int64(created_at, &row.created_at)) {
        return error_set(error, ERROR_DATABASE,
                         "a \"created_at\" of %s.%s is %.*s, which is not a whole number of 64 bits", query->schema,
                         query->table, created_at.length > 40 ? 40 : (int)created_at.length, created_at.bytes);
    }
    *ret_row = row;
    return true;
}

/* The rows point into the messages; ledger_create() copies the text. */
static struct ledger *ledger_of(const struct ledger_query *query, struct ledger *from, struct text messages,
                                struct ledger_row *room, struct error *error) {
    const char *at = messages.bytes, *end = messages.bytes + messages.length;
    for (size_t i = 0; i < from->count; i++) {
        if (!read_row(query, &at, end, &room[i], error)) {
            return NULL;
        }
    }
    from->rows = room;
    runs_query_judge(&from->runs, from);
    return ledger_create(from, error);
}

struct ledger *ledger_query_ledger(const struct ledger_query *query, const struct ledger *before,
                                   const struct ledger_result *result, struct error *error) {
    struct ledger from = {.database = before->database,
                          .schema = before->schema,
                          .table = before->table,
                          .status = LEDGER_FRESH,
                          .was_read = true};
    if (!result->columns.is_table) {
        return ledger_create(&from, error);
    }
    if (!check(query, result, error)) {
        return NULL;
    }
    from.status = LEDGER_READ;
    from.is_v1 = is_v1(&result->columns);
    from.count = result->row_count;
    from.runs = result->runs;
    struct ledger_row *room = calloc(from.count + 1, sizeof(*room));
    if (!room) {
        error_set_memory(error);
        return NULL;
    }
    struct ledger *ledger = ledger_of(query, &from, result->rows, room, error);
    free(room);
    return ledger;
}
