/* Reads small tables only, and only those with a grant and no hidden rows.
 *
 * The number of tables, of rows examined, and the number and length of rows taken are limited.
 * Beyond that a table is not known completely; a migration not known to have run counts as not
 * run. */
#include "ledger/postgres/tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types that only PostgreSQL's own functions cast to text, so that no function of a database user
 * runs as us: "char", name, int8, int2, int4, text, bpchar, varchar, numeric. */
#define PLAIN_TYPES "(18, 19, 20, 21, 23, 25, 1042, 1043, 1700)"

/* Columns in which known tools record what they ran: numbers, then names. The first existing column
 * of each is used. */
#define NUMBER_COLUMNS "'{version,version_num,version_id,migration_id,MigrationId,migration_version}'::name[]"
#define NAME_COLUMNS                                                                                                   \
    "'{name,migration_name,script,filename,file_name,filepath,migration,tag,description,title}'::name[]"

/* Columns that say whether a migration succeeded. */
#define FLAG_COLUMNS "'{dirty,is_applied,success,finished_at,rolled_back_at}'::name[]"

/* OFFSET 0 makes the server look at the names first: the privileges of every column of a large
 * database would take a second. */
const char tools_candidates[] =
    " UNION ALL (SELECT 'l', c.oid, 0::oid, c.relname::text, n.nspname::text,"
    " (array_agg(a.attname::text ORDER BY array_position(" NUMBER_COLUMNS ", a.attname))"
    "  FILTER (WHERE a.atttypid IN " PLAIN_TYPES " AND a.attname = ANY (" NUMBER_COLUMNS ")))[1],"
    " (array_agg(a.attname::text ORDER BY array_position(" NAME_COLUMNS ", a.attname))"
    "  FILTER (WHERE a.atttypid IN " PLAIN_TYPES " AND a.attname = ANY (" NAME_COLUMNS ")))[1],"
    " string_agg(a.attname::text, ',' ORDER BY a.attname)"
    "  FILTER (WHERE a.atttypid = 16 AND a.attname IN ('dirty', 'is_applied', 'success')"
    "   OR a.atttypid IN (1114, 1184) AND a.attname IN ('finished_at', 'rolled_back_at'))"
    " FROM pg_class c JOIN n ON n.oid = c.relnamespace JOIN (SELECT attrelid, attnum, attname, atttypid"
    " FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
    " AND attname = ANY (" NUMBER_COLUMNS " || " NAME_COLUMNS " || " FLAG_COLUMNS ") OFFSET 0) a ON a.attrelid = c.oid"
    " WHERE c.relkind IN ('r', 'p') AND c.relpages < 1000"
    " AND c.oid IS DISTINCT FROM to_regclass(%s) AND NOT row_security_active(c.oid)"
    " AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')"
    /* Skips tables that someone alters or waits to alter, which would block the query. */
    " AND c.oid <> ALL (SELECT relation FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL)"
    " GROUP BY c.oid, c.relname, n.nspname, c.relpages"
    " HAVING count(*) FILTER (WHERE a.atttypid IN " PLAIN_TYPES " AND (a.attname = ANY (" NUMBER_COLUMNS ")"
    "  OR a.attname = ANY (" NAME_COLUMNS "))) > 0"
    " ORDER BY c.relname::text || n.nspname::text !~* 'migrat|version|history|changelog|deploy', c.oid LIMIT 24)";

enum { TABLES_MAXIMUM = 24, LOOKED_AT = 20000, TAKEN = 2000, IDENTIFIER_MAXIMUM = 63 };

enum { TABLE = CATALOG_CELL_FIELDS, SCHEMA, NUMBER, NAME, FLAGS };

/* Number and name, and, for a table that only has the newest number, whether that migration
 * succeeded; only values that may name a file. */
static const char format[] = " UNION ALL (SELECT 'm', %.*s::oid, 0::oid, number, name, mark, NULL, NULL"
                             " FROM (SELECT %s AS number, %s AS name, %s AS mark FROM %s.%s WHERE true%s LIMIT %d) AS t"
                             " WHERE concat_ws('/', number, name) ~ '(^|/)([vV]?[0-9]|_)' LIMIT %d)";

struct quoted {
    char text[sizeof("left(\"\"::text, 300)") + (size_t)2 * IDENTIFIER_MAXIMUM];
};

/* Returns false if the name is too long. */
static bool quote(struct text name, const char *before, const char *after, struct quoted *ret_quoted) {
    char *end = stpcpy(ret_quoted->text, before);
    if (name.length > IDENTIFIER_MAXIMUM) {
        return false;
    }
    *end++ = '"';
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] == '"') {
            *end++ = '"';
        }
        *end++ = name.bytes[i];
    }
    *end++ = '"';
    stpcpy(end, after);
    return true;
}

static bool quote_column(struct text name, struct quoted *ret_quoted) {
    if (name.length == 0) {
        stpcpy(ret_quoted->text, "NULL::text");
        return true;
    }
    return quote(name, "left(", "::text, 300)", ret_quoted);
}

static bool has_flag(struct text flags, const char *flag) {
    size_t at;
    return text_find(flags, flag, &at);
}

/* Excludes rows of migrations that failed or were rolled back. */
static void set_conditions(struct text flags, char *ret_conditions) {
    static const char *const conditions[][2] = {{"success", " AND success"},
                                                {"is_applied", " AND is_applied"},
                                                {"finished_at", " AND finished_at IS NOT NULL"},
                                                {"rolled_back_at", " AND rolled_back_at IS NULL"}};
    *ret_conditions = '\0';
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (has_flag(flags, conditions[i][0])) {
            ret_conditions = stpcpy(ret_conditions, conditions[i][1]);
        }
    }
}

/* Returns NULL when memory has run out. */
static char *add_table(char *query, const struct text *cells) {
    struct quoted table, schema, number, name;
    char conditions[128], *longer = NULL;
    struct text oid = cells[CATALOG_CELL_OBJECT];
    int64_t value;
    if (!quote(cells[SCHEMA], "", "", &schema) || !quote(cells[TABLE], "", "", &table) ||
        !quote_column(cells[NUMBER], &number) || !quote_column(cells[NAME], &name) || !text_to_int64(oid, &value)) {
        return query;
    }
    set_conditions(cells[FLAGS], conditions);
    const char *mark = has_flag(cells[FLAGS], "dirty") ? "CASE WHEN dirty THEN 'dirty' ELSE 'clean' END" : "NULL::text";
    char part[sizeof format + sizeof conditions + 6 * sizeof(struct quoted)];
    snprintf(part, sizeof part, format, TEXT_ARGS(oid), number.text, name.text, mark, schema.text, table.text,
             conditions, LOOKED_AT, TAKEN);
    bool is_made = asprintf(&longer, "%s%s", query, part) >= 0;
    free(query);
    return is_made ? longer : NULL;
}

char *tools_query(const struct catalog_answer *answer) {
    const char *at = answer->rows.bytes, *end = at + answer->rows.length;
    struct text cells[CATALOG_CELLS];
    char *query = strdup("");
    for (size_t count = 0; query && count < TABLES_MAXIMUM && catalog_query_next(&at, end, cells);) {
        if (text_is(cells[CATALOG_CELL_KIND], "l")) {
            query = add_table(query, cells);
            count++;
        }
    }
    return query;
}
