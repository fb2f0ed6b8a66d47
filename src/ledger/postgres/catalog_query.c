/* The query takes no table locks: pg_get_expr() and similar functions would, and polling would
 * block just while a migration runs. It needs no grants: information_schema would show only objects
 * that the user may use. A further part, made from the previous answer, reads tables that may be
 * other tools' ledgers; if it fails, the connection repeats the query without it. */
#include "ledger/postgres/catalog_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OF_USERS "IN (SELECT oid FROM n)"
#define OF_READ "IN (SELECT oid FROM m)"
#define OF_TABLE "IN (SELECT oid FROM t)"
#define KINDS "('r', 'p', 'f', 'i', 'I', 'S', 'v', 'm')"

/* Of pg_depend: a sequence that belongs to a column. */
#define IS_OWNED                                                                                                       \
    "classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')"                   \
    " AND refobjsubid > 0 AND objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')"

/* A name also matches without the number that the server appends to a generated one. */
#define IS_NAMED(column)                                                                                               \
    "(" column "::text IN (SELECT name FROM k) OR rtrim(" column "::text, '0123456789') IN (SELECT name FROM k)"       \
    " OR " column "::text ~ '[^ -~]')"

static const char schemas[] =
    "WITH n AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),"
    " w AS (SELECT count(*) > %d AS is_large FROM pg_class WHERE relkind IN " KINDS " AND relnamespace " OF_USERS ")";

/* m: the schemas whose objects are read. */
static const char if_small[] = ", m AS (SELECT oid FROM n WHERE NOT (SELECT is_large FROM w))";
static const char whole[] = ", m AS (SELECT oid FROM n)";

/* t: the tables that have one of the names, or an index, sequence or constraint that has one, or
 * that may be a ledger; and the tables that these reference. r: the same with their indexes and
 * sequences. */
static const char by_name[] =
    ", k AS (SELECT unnest(%s) AS name),"
    " b AS (SELECT oid FROM pg_class WHERE relkind IN " KINDS " AND relnamespace " OF_USERS
    " AND (relname = '__drizzle_migrations' OR " IS_NAMED(
        "relname") ")),"
                   " o AS (SELECT oid FROM b"
                   " UNION SELECT indrelid FROM pg_index WHERE indexrelid IN (SELECT oid FROM b)"
                   " UNION SELECT refobjid FROM pg_depend WHERE " IS_OWNED " AND objid IN (SELECT oid FROM b)"
                   " UNION SELECT conrelid FROM pg_constraint WHERE connamespace " OF_USERS
                   " AND " IS_NAMED("conname") " UNION SELECT attrelid FROM pg_attribute WHERE attname = 'hash' AND "
                                               "atttypid = 25 AND NOT attisdropped),"
                                               " t AS (SELECT oid FROM o"
                                               " UNION SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND "
                                               "conrelid IN (SELECT oid FROM o)),"
                                               " r AS (SELECT oid FROM t"
                                               " UNION SELECT indexrelid FROM pg_index WHERE indrelid " OF_TABLE
                                               " UNION SELECT objid FROM pg_depend WHERE " IS_OWNED
                                               " AND refobjid " OF_TABLE ")";

/* Which rows of each catalog are read. */
struct conditions {
    const char *relation, *column, *type, *value, *constraint, *policy, *trigger, *function, *sequence;
};

static const struct conditions of_schemas = {
    .relation = "relnamespace " OF_READ,
    .column = "relnamespace " OF_READ,
    .type = "typnamespace " OF_READ,
    .value = "EXISTS (SELECT FROM m)",
    .constraint = "connamespace " OF_READ,
    .policy = "EXISTS (SELECT FROM m)",
    .trigger = "EXISTS (SELECT FROM m)",
    .function = "pronamespace " OF_READ,
    .sequence = "EXISTS (SELECT FROM m)",
};

static const struct conditions of_names = {
    .relation = "relnamespace " OF_USERS " AND c.oid IN (SELECT oid FROM r)",
    .column = "relnamespace " OF_USERS " AND oid " OF_TABLE,
    .type = "typnamespace " OF_USERS " AND " IS_NAMED("typname"),
    .value = "enumtypid IN (SELECT oid FROM pg_type WHERE typtype = 'e' AND " IS_NAMED("typname") ")",
    .constraint = "connamespace " OF_USERS " AND conrelid " OF_TABLE,
    .policy = "polrelid " OF_TABLE,
    .trigger = "tgrelid " OF_TABLE,
    .function = "pronamespace " OF_USERS " AND " IS_NAMED("proname"),
    .sequence = "refobjid " OF_TABLE,
};

static const char rows[] =
    " SELECT * FROM ("
    /* OID of the ledger, or 0; search path before SET LOCAL, current user, whether it is large */
    "SELECT 's'::text AS k, coalesce(to_regclass(%s), 0)::oid AS o, 0::oid AS p, current_user::text AS n,"
    " reset_val AS a, (SELECT left(is_large::text, 1) FROM w) AS b, NULL::text AS c,"
    " NULL::text AS d FROM pg_settings WHERE name = 'search_path'"
    " UNION ALL SELECT 'n', oid, 0, nspname::text, NULL, NULL, NULL, NULL FROM n"
    /* relation: kind, row security, table and columns of an index */
    " UNION ALL SELECT 'r', c.oid, relnamespace, relname::text, relkind::text, relrowsecurity::text, indrelid::text, "
    "indkey::text"
    " FROM pg_class c LEFT JOIN pg_index ON indexrelid = c.oid"
    " WHERE relkind IN " KINDS " AND %s"
    /* column: not null and default, type's schema, type, whether it is an array of that. OFFSET: the
     * planner expects more tables than there are, and would join every column of the server first. */
    " UNION ALL SELECT 'a', attrelid, attnum::int::oid, attname::text,"
    " left(attnotnull::text, 1) || left(atthasdef::text, 1), s.nspname::text, coalesce(e.typname, t.typname)::text,"
    " left((e.oid IS NOT NULL)::text, 1)"
    " FROM (SELECT oid AS owner FROM pg_class WHERE relkind IN ('r', 'p', 'f') AND %s OFFSET 0) AS c"
    " JOIN pg_attribute ON attrelid = owner JOIN pg_type t ON t.oid = atttypid"
    " LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"
    " JOIN pg_namespace s ON s.oid = coalesce(e.typnamespace, t.typnamespace)"
    " WHERE attnum > 0 AND NOT attisdropped"
    " UNION ALL SELECT 'T', t.oid, typnamespace, typname::text, typtype::text, NULL, NULL, NULL"
    " FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid"
    " WHERE (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND relkind = 'c') AND %s"
    " UNION ALL SELECT 'v', oid, enumtypid, enumlabel::text, NULL, NULL, NULL, NULL FROM pg_enum WHERE %s"
    /* constraint: type, columns, referenced table and columns */
    " UNION ALL SELECT 'c', oid, conrelid, conname::text, contype::text, conkey::text, confrelid::text, confkey::text"
    " FROM pg_constraint WHERE conrelid <> 0 AND contype IN ('p', 'u', 'x', 'f', 'c') AND %s"
    " UNION ALL SELECT 'p', oid, polrelid, polname::text, NULL, NULL, NULL, NULL FROM pg_policy WHERE %s"
    " UNION ALL SELECT 'g', oid, tgrelid, tgname::text, NULL, NULL, NULL, NULL FROM pg_trigger"
    " WHERE NOT tgisinternal AND %s"
    " UNION ALL SELECT DISTINCT 'f', 0::oid, pronamespace, proname::text, NULL, NULL, NULL, NULL FROM pg_proc"
    " WHERE %s"
    " UNION ALL SELECT 'x', oid, 0, extname::text, NULL, NULL, NULL, NULL FROM pg_extension"
    /* table and column of a sequence */
    " UNION ALL SELECT 'd', objid, refobjid, NULL, deptype::text, refobjsubid::text, NULL, NULL FROM pg_depend"
    " WHERE " IS_OWNED " AND %s";

/* Only whether it is large; the tables that may be ledgers follow. */
static const char ahead[] = " SELECT * FROM ("
                            "SELECT 's'::text AS k, 0::oid AS o, 0::oid AS p, NULL::text AS n, NULL::text AS a,"
                            " left(is_large::text, 1) AS b, NULL::text AS c, NULL::text AS d FROM w";

static const char tail[] = ") AS found LIMIT 150001;";

/* The format has as many conditions as `rows`. */
static char *rows_text(const char *ledger, enum catalog_extent extent) {
    const struct conditions *of = extent == CATALOG_NAMED ? &of_names : &of_schemas;
    char *text = NULL;
    if (extent == CATALOG_AHEAD) {
        return strdup(ahead);
    }
    bool is_made = asprintf(&text, rows, ledger, of->relation, of->column, of->type, of->value, of->constraint,
                            of->policy, of->trigger, of->function, of->sequence) >= 0;
    return is_made ? text : NULL;
}

/* What the conditions refer to. */
static char *extent_text(const struct catalog_question *question) {
    if (question->extent == CATALOG_AHEAD) {
        return strdup("");
    }
    if (question->extent != CATALOG_NAMED) {
        return strdup(question->extent == CATALOG_WHOLE ? whole : if_small);
    }
    char *names = catalog_names_literal(question->names), *text = NULL;
    bool is_made = names && asprintf(&text, by_name, names) >= 0;
    free(names);
    return is_made ? text : NULL;
}

char *catalog_query_text(const char *ledger, const char *candidates, const struct catalog_question *question) {
    char *first = NULL, *of_tools = NULL, *text = NULL, *extent = extent_text(question),
         *all = rows_text(ledger, question->extent);
    bool is_made = extent && all && asprintf(&first, schemas, CATALOG_RELATIONS_MAXIMUM) >= 0 &&
                   asprintf(&of_tools, candidates, ledger) >= 0 &&
                   asprintf(&text, "%s%s%s%s%s%s", first, extent, all, of_tools, question->tools, tail) >= 0;
    free(first);
    free(extent);
    free(all);
    free(of_tools);
    return is_made ? text : NULL;
}

enum {
    COLUMN_KIND = CATALOG_CELL_KIND,
    COLUMN_OBJECT = CATALOG_CELL_OBJECT,
    COLUMN_PARENT,
    COLUMN_FIELDS = CATALOG_CELL_FIELDS,
    COLUMN_LARGE = COLUMN_FIELDS + 2, /* of row 's' */
    COLUMNS = CATALOG_CELLS
};

/* OIDs in pg_type, which never change. */
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
        answer.is_large = answer.is_large || (text_is(cells[COLUMN_KIND], "s") && text_is(cells[COLUMN_LARGE], "t"));
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

/* Depends on the order of the rows: a different order only costs building the same view once
 * more. */
static bool set_digest(struct catalog *catalog, struct error *error) {
    enum { PARTS = 1 + CATALOG_FIELDS };
    struct text *parts = calloc(catalog->count * PARTS + 1, sizeof *parts);
    if (!parts) {
        return error_set_memory(error);
    }
    for (size_t i = 0; i < catalog->count; i++) {
        const struct catalog_row *row = &catalog->rows[i];
        /* The kind and the numbers precede the fields. */
        parts[PARTS * i] = (struct text){(const char *)row, offsetof(struct catalog_row, parent) + sizeof row->parent};
        memcpy(&parts[PARTS * i + 1], row->fields, sizeof row->fields);
    }
    catalog->digest = digest_of_parts(parts, catalog->count * PARTS);
    free(parts);
    return true;
}

/* Replaces the search path in the row that has it. */
static void set_search_path(struct text *cells, const char **search_path) {
    if (*search_path && text_is(cells[COLUMN_KIND], "s")) {
        cells[COLUMN_FIELDS + 1] = text_of(*search_path);
        *search_path = NULL; /* the buffer has room for one */
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
