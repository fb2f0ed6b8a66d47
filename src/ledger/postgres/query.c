/* The SQL, and what comes back. It sends and reads results, but knows neither time nor sockets.
 *
 * Nothing lasts beyond the message: SET LOCAL ends with its transaction. The locks' limit is the shorter one, so that the server
 * tells a lock from a slow query and both before our own patience ends. With row_security off, a policy that hides rows is an
 * error rather than a ledger that looks shorter than it is. */
#include "ledger/postgres/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_MAXIMUM = 1024 }; /* bytes, as promised in ledger.h */

enum column { COLUMN_ID, COLUMN_HASH, COLUMN_CREATED_AT, COLUMN_NAME };

/* Of the first result set, a row for each column there is, or one. */
enum { FOUND_TABLE, FOUND_NAME, FOUND_TYPE, FOUND_OFFERED, FOUND_TAKEN };

static const char head_format[] =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;"
    "SET LOCAL statement_timeout = %u; SET LOCAL lock_timeout = %u;"
    "SET LOCAL row_security = off; SET LOCAL search_path = pg_catalog;"
    "SELECT ledger, attname, format_type(atttypid, atttypmod), %s"
    " FROM (SELECT to_regclass(%s)) AS found (ledger) LEFT JOIN pg_attribute"
    " ON attrelid = ledger AND attname IN ('id', 'hash', 'created_at', 'name', 'applied_at') AND NOT attisdropped;";

/* To count is a tenth of a read where there are some hundred connections. */
static const char *const places[] = {
    "NULL, NULL", "current_setting('max_connections'), (SELECT count(*) FROM pg_stat_get_backend_idset())"};

static const char body_format[] = "SELECT %s, left(hash::text, 1024), created_at, %s FROM %s.%s LIMIT %d; COMMIT";

/* Doubles every byte that stands in `doubled` and puts `before` and `after` around it. */
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

/* The name as to_regclass() wants it, as a literal that means the same whatever standard_conforming_strings says. */
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
    bool is_filled = literal && fill_head(&query, literal, timeout_ms) && fill_body(&query);
    free(literal);
    if (!is_filled) {
        ledger_query_destroy(&query);
        return error_set_memory(error);
    }
    *ret_query = query;
    return true;
}

void ledger_query_destroy(struct ledger_query *query) {
    free(query->schema);
    free(query->table);
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

void ledger_columns_read(const PGresult *result, struct ledger_columns *ret_columns) {
    struct ledger_columns columns = {.is_table = !PQgetisnull(result, 0, FOUND_TABLE)};
    for (int i = 0; i < PQntuples(result); i++) {
        const char *name = PQgetvalue(result, i, FOUND_NAME);
        columns.has_id = columns.has_id || strcmp(name, "id") == 0;
        columns.has_hash = columns.has_hash || strcmp(name, "hash") == 0;
        columns.has_name = columns.has_name || strcmp(name, "name") == 0;
        columns.has_applied_at = columns.has_applied_at || strcmp(name, "applied_at") == 0;
        if (strcmp(name, "created_at") == 0) {
            columns.has_created_at = true;
            snprintf(columns.created_at_type, sizeof(columns.created_at_type), "%s", PQgetvalue(result, i, FOUND_TYPE));
        }
    }
    *ret_columns = columns;
}

static size_t read_count(const PGresult *result, int column) {
    int64_t count;
    return text_to_int64(text_of(PQgetvalue(result, 0, column)), &count) && count > 0 ? (size_t)count : 0;
}

struct ledger_server_places ledger_server_places_read(const PGresult *result) {
    return (struct ledger_server_places){read_count(result, FOUND_OFFERED), read_count(result, FOUND_TAKEN)};
}

bool ledger_query_send(const struct ledger_query *query, PGconn *pg, const struct ledger_columns *columns,
                       bool asks_for_places) {
    const char *body = ledger_columns_suffice(columns) ? query->body[columns->has_id][is_v1(columns)] : "COMMIT";
    char *message = NULL;
    if (asprintf(&message, "%s%s", query->head[asks_for_places], body) < 0) {
        return false;
    }
    bool is_sent = PQsendQuery(pg, message) == 1;
    free(message);
    return is_sent;
}

/* No value holds a NUL and none in UTF-8 holds \xff, so no two different answers make the same bytes. */
static struct text digested_cell(const PGresult *rows, int row, int column) {
    if (PQgetisnull(rows, row, column)) {
        return TEXT("\xff");
    }
    return (struct text){PQgetvalue(rows, row, column), (size_t)PQgetlength(rows, row, column) + 1};
}

bool ledger_query_digest(const struct ledger_columns *columns, const PGresult *rows, struct digest *ret_digest,
                         struct error *error) {
    size_t row_count = rows ? (size_t)PQntuples(rows) : 0, width = rows ? (size_t)PQnfields(rows) : 0;
    struct text *parts = calloc(row_count * width + 1, sizeof(*parts));
    if (!parts) {
        return error_set_memory(error);
    }
    const bool flags[] = {columns->is_table, is_v1(columns), columns->has_id};
    parts[0] = (struct text){(const char *)flags, sizeof(flags)};
    for (size_t i = 0; i < row_count * width; i++) {
        parts[1 + i] = digested_cell(rows, (int)(i / width), (int)(i % width));
    }
    *ret_digest = digest_of_parts(parts, row_count * width + 1);
    free(parts);
    return true;
}

/* The numbers that pg_type has for them never change. A domain arrives as the type below it. */
static bool is_whole_number(Oid type) {
    enum { INT8 = 20, INT2 = 21, INT4 = 23, NUMERIC = 1700 };
    return type == INT8 || type == INT2 || type == INT4 || type == NUMERIC;
}

static bool check(const struct ledger_query *query, const struct ledger_columns *columns, const PGresult *rows,
                  struct error *error) {
    if (!ledger_columns_suffice(columns)) {
        return error_set(
            error, ERROR_DATABASE,
            "%s.%s has no column \"%s\", so it is not a ledger of Drizzle's; correct --migrations-schema and "
            "--migrations-table",
            query->schema, query->table, columns->has_hash ? "created_at" : "hash");
    }
    if (!is_whole_number(PQftype(rows, COLUMN_CREATED_AT))) {
        return error_set(
            error, ERROR_DATABASE,
            "the column \"created_at\" of %s.%s has type %s where Drizzle's ledger has bigint, so no stamp "
            "can be read from it",
            query->schema, query->table, columns->created_at_type);
    }
    if (PQntuples(rows) > LEDGER_ROWS_MAXIMUM) {
        return error_set(error, ERROR_DATABASE,
                         "%s.%s holds more than %d rows, so it is taken for no ledger of Drizzle's", query->schema,
                         query->table, LEDGER_ROWS_MAXIMUM);
    }
    return true;
}

/* The empty text for NULL. Cut at a character's end. */
static struct text cell(const PGresult *rows, int row, enum column column) {
    const char *value = PQgetvalue(rows, row, (int)column);
    size_t length = (size_t)PQgetlength(rows, row, (int)column);
    if (length > HASH_MAXIMUM) {
        length = HASH_MAXIMUM;
        while (length > HASH_MAXIMUM - 4 && ((unsigned char)value[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    return (struct text){value, length};
}

static bool read_row(const struct ledger_query *query, const PGresult *rows, int i, struct ledger_row *ret_row,
                     struct error *error) {
    struct ledger_row row = {
        .id = cell(rows, i, COLUMN_ID),
        .hash = cell(rows, i, COLUMN_HASH),
        .is_hash_null = PQgetisnull(rows, i, COLUMN_HASH),
        .has_created_at = !PQgetisnull(rows, i, COLUMN_CREATED_AT),
        .name = cell(rows, i, COLUMN_NAME),
    };
    struct text created_at = cell(rows, i, COLUMN_CREATED_AT);
    if (row.has_created_at && !text_to_int64(created_at, &row.created_at)) {
        return error_set(error, ERROR_DATABASE,
                         "a \"created_at\" of %s.%s is %.*s, which is not a whole number of 64 bits", query->schema,
                         query->table, created_at.length > 40 ? 40 : (int)created_at.length, created_at.bytes);
    }
    *ret_row = row;
    return true;
}

/* The rows only point into the result; ledger_create() copies what they point to. */
static struct ledger *ledger_of(const struct ledger_query *query, struct ledger *from, const PGresult *rows,
                                struct ledger_row *room, struct error *error) {
    for (size_t i = 0; i < from->count; i++) {
        if (!read_row(query, rows, (int)i, &room[i], error)) {
            return NULL;
        }
    }
    from->rows = room;
    return ledger_create(from, error);
}

struct ledger *ledger_query_ledger(const struct ledger_query *query, struct text database,
                                   const struct ledger_columns *columns, const PGresult *rows, struct error *error) {
    struct ledger from = {.database = database, .status = LEDGER_FRESH, .was_read = true};
    if (!columns->is_table) {
        return ledger_create(&from, error);
    }
    if (!check(query, columns, rows, error)) {
        return NULL;
    }
    from.status = LEDGER_READ;
    from.is_v1 = is_v1(columns);
    from.count = (size_t)PQntuples(rows);
    struct ledger_row *room = calloc(from.count + 1, sizeof(*room));
    if (!room) {
        error_set_memory(error);
        return NULL;
    }
    struct ledger *ledger = ledger_of(query, &from, rows, room, error);
    free(room);
    return ledger;
}
