/* Of the catalogs, nothing here locks a table: pg_get_expr() and its like would, and the poll would hang exactly while a migration runs.
 * Nothing needs a grant: information_schema would show only what one may use. The tables that may be other tools' ledgers are read by a
 * part of the question that the answer before gave rise to; where it fails, the connection asks without it. */
#include "ledger/postgres/catalog_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OF_USERS "IN (SELECT oid FROM n)"

static const char head[] =
    "WITH n AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')"
    " SELECT * FROM ("
    /* the ledger asked for, or 0; the search path before ours was set, and who asks */
    "SELECT 's'::text AS k, coalesce(to_regclass(%s), 0)::oid AS o, 0::oid AS p, current_user::text AS n,"
    " reset_val AS a, NULL::text AS b, NULL::text AS c,"
    " NULL::text AS d FROM pg_settings WHERE name = 'search_path'"
    " UNION ALL SELECT 'n', oid, 0, nspname::text, NULL, NULL, NULL, NULL FROM n"
    /* relation: kind, row security, an index's table and columns */
    " UNION ALL SELECT 'r', c.oid, relnamespace, relname::text, relkind::text, relrowsecurity::text, indrelid::text, "
    "indkey::text"
    " FROM pg_class c LEFT JOIN pg_index ON indexrelid = c.oid"
    " WHERE relkind IN ('r', 'p', 'f', 'i', 'I', 'S', 'v', 'm') AND relnamespace " OF_USERS
    /* column: not null and default, type's schema, type, whether it is an array of it */
    " UNION ALL SELECT 'a', attrelid, attnum::int::oid, attname::text,"
    " left(attnotnull::text, 1) || left(atthasdef::text, 1), s.nspname::text, coalesce(e.typname, t.typname)::text,"
    " left((e.oid IS NOT NULL)::text, 1)"
    " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_type t ON t.oid = atttypid"
    " LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"
    " JOIN pg_namespace s ON s.oid = coalesce(e.typnamespace, t.typnamespace)"
    " WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'f') AND relnamespace " OF_USERS
    " UNION ALL SELECT 'T', t.oid, typnamespace, typname::text, typtype::text, NULL, NULL, NULL"
    " FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid"
    " WHERE typnamespace " OF_USERS " AND (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND relkind = 'c')"
    " UNION ALL SELECT 'v', oid, enumtypid, enumlabel::text, NULL, NULL, NULL, NULL FROM pg_enum"
    /* constraint: type, columns, table and columns referred to */
    " UNION ALL SELECT 'c', oid, conrelid, conname::text, contype::text, conkey::text, confrelid::text, confkey::text"
    " FROM pg_constraint WHERE conrelid <> 0 AND contype IN ('p', 'u', 'x', 'f', 'c') AND connamespace " OF_USERS
    " UNION ALL SELECT 'p', oid, polrelid, polname::text, NULL, NULL, NULL, NULL FROM pg_policy"
    " UNION ALL SELECT 'g', oid, tgrelid, tgname::text, NULL, NULL, NULL, NULL FROM pg_trigger WHERE NOT tgisinternal"
    " UNION ALL SELECT DISTINCT 'f', 0::oid, pronamespace, proname::text, NULL, NULL, NULL, NULL FROM pg_proc"
    " WHERE pronamespace " OF_USERS
    " UNION ALL SELECT 'x', oid, 0, extname::text, NULL, NULL, NULL, NULL FROM pg_extension"
    /* a sequence's table and column */
    " UNION ALL SELECT 'd', objid, refobjid, NULL, deptype::text, refobjsubid::text, NULL, NULL FROM pg_depend"
    " WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')"
    " AND refobjsubid > 0 AND objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')";

static const char tail[] = ") AS found LIMIT 150001;";

char *catalog_query_text(const char *ledger, const char *candidates, const char *tools) {
    char *catalogs = NULL, *of_tools = NULL, *text = NULL;
    bool is_made = asprintf(&catalogs, head, ledger) >= 0 && asprintf(&of_tools, candidates, ledger) >= 0 &&
                   asprintf(&text, "%s%s%s%s", catalogs, of_tools, tools, tail) >= 0;
    free(catalogs);
    free(of_tools);
    return is_made ? text : NULL;
}

enum {
    COLUMN_KIND = CATALOG_CELL_KIND,
    COLUMN_OBJECT = CATALOG_CELL_OBJECT,
    COLUMN_PARENT,
    COLUMN_FIELDS = CATALOG_CELL_FIELDS,
    COLUMNS = CATALOG_CELLS
};

/* The numbers that pg_type has for them never change. */
enum { TEXT_TYPE = 25, OID_TYPE = 26 };

static bool take_types(const char **at, const char *end) {
    struct wire_message message;
    bool is_right = wire_take_message(at, end, &message) == 1 && message.kind == WIRE_COLUMNS;
    for (int i = 0; is_right && i < COLUMNS; i++) {
        uint32_t type, expected = i == COLUMN_OBJECT || i == COLUMN_PARENT ? OID_TYPE : TEXT_TYPE;
        is_right = wire_take_number(&message, &type) && type == expected;
    }
    return is_right && message.at == message.end;
}

static bool take_cells(struct wire_message *message, struct text *ret_cells) {
    for (int i = 0; i < COLUMNS; i++) {
        bool is_null;
        if (!wire_take_cell(message, &ret_cells[i], &is_null)) {
            return false;
        }
    }
    return message->at == message->end;
}

bool catalog_query_take(const char **at, const char *end, struct catalog_answer *ret_answer) {
    struct catalog_answer answer = {.is_there = true, .rows = TEXT("")};
    struct wire_message message;
    if (!take_types(at, end)) {
        return false;
    }
    for (const char *start = *at; wire_take_message(at, end, &message) == 1; answer.count++) {
        struct text cells[COLUMNS];
        if (message.kind != WIRE_ROW) {
            *ret_answer = answer;
            return wire_is_end(&message, answer.count);
        }
        if (!take_cells(&message, cells)) {
            return false;
        }
        for (int i = COLUMN_FIELDS; i < COLUMNS; i++) {
            answer.bytes += cells[i].length;
        }
        answer.rows = (struct text){start, (size_t)(*at - start)};
    }
    return false;
}

bool catalog_query_next(const char **at, const char *end, struct text *ret_cells) {
    struct wire_message message;
    return wire_take_message(at, end, &message) == 1 && take_cells(&message, ret_cells);
}

static uint32_t oid_of(struct text text) {
    int64_t number;
    return text_to_int64(text, &number) && number >= 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static void read_row(const struct text *cells, struct catalog_row *ret_row, char **bytes) {
    if (cells[COLUMN_KIND].length > 0) {
        ret_row->kind = cells[COLUMN_KIND].bytes[0];
    }
    ret_row->object = oid_of(cells[COLUMN_OBJECT]);
    ret_row->parent = oid_of(cells[COLUMN_PARENT]);
    for (int i = 0; i < CATALOG_FIELDS; i++) {
        struct text cell = cells[COLUMN_FIELDS + i];
        if (cell.length > 0) {
            memcpy(*bytes, cell.bytes, cell.length);
        }
        ret_row->fields[i] = (struct text){*bytes, cell.length};
        *bytes += cell.length;
    }
}

/* In whatever order they came: one that differs costs a view made again that is the same. */
static bool set_digest(struct catalog *catalog, struct error *error) {
    enum { PARTS = 1 + CATALOG_FIELDS };
    struct text *parts = calloc(catalog->count * PARTS + 1, sizeof *parts);
    if (!parts) {
        return error_set_memory(error);
    }
    for (size_t i = 0; i < catalog->count; i++) {
        const struct catalog_row *row = &catalog->rows[i];
        /* Kind and numbers in front of each. */
        parts[PARTS * i] = (struct text){(const char *)row, offsetof(struct catalog_row, parent) + sizeof row->parent};
        memcpy(&parts[PARTS * i + 1], row->fields, sizeof row->fields);
    }
    catalog->digest = digest_of_parts(parts, catalog->count * PARTS);
    free(parts);
    return true;
}

/* The row that says where names without a schema are looked for says this instead. */
static void set_search_path(struct text *cells, const char **search_path) {
    if (*search_path && text_is(cells[COLUMN_KIND], "s")) {
        cells[COLUMN_FIELDS + 1] = text_of(*search_path);
        *search_path = NULL; /* there is room for one */
    }
}

struct catalog *catalog_query_read(const struct catalog_answer *answer, const char *search_path, struct error *error) {
    bool is_cut = answer->count > CATALOG_ROWS_MAXIMUM;
    const char *at = answer->rows.bytes, *end = at + answer->rows.length;
    char *bytes;
    size_t room = search_path ? strlen(search_path) : 0;
    struct catalog *catalog = catalog_create(is_cut ? 0 : answer->count, is_cut ? 0 : answer->bytes + room, &bytes);
    if (!catalog) {
        error_set_memory(error);
        return NULL;
    }
    catalog->is_cut = is_cut;
    for (size_t i = 0; i < catalog->count; i++) {
        struct text cells[COLUMNS];
        if (catalog_query_next(&at, end, cells)) {
            set_search_path(cells, &search_path);
            read_row(cells, &catalog->rows[i], &bytes);
        }
    }
    if (!set_digest(catalog, error)) {
        catalog_unref(catalog);
        return NULL;
    }
    return catalog;
}
