/* Recognizes a ledger by its columns, `hash text` and `created_at bigint` and no others than
 * Drizzle's, or by Drizzle's table name. The catalogs are read for the effects anyway, so this
 * needs no further query. */
#include "join/ledgers.h"

#include <stdlib.h>

enum { HAS_ID = 1, HAS_HASH = 2, HAS_CREATED_AT = 4, HAS_OTHER = 8, IS_LEDGER = HAS_ID | HAS_HASH | HAS_CREATED_AT };

/* The bit of a column; catalog_query.c documents the fields. */
static unsigned column_bit(const struct catalog_row *row) {
    const struct text *fields = row->fields;
    bool is_plain = text_is(fields[2], "pg_catalog") && !text_is(fields[4], "t");
    if (text_is(fields[0], "hash")) {
        return is_plain && text_is(fields[3], "text") ? HAS_HASH : HAS_OTHER;
    }
    if (text_is(fields[0], "created_at")) {
        return is_plain && text_is(fields[3], "int8") ? HAS_CREATED_AT : HAS_OTHER;
    }
    return text_is(fields[0], "id")                                         ? HAS_ID
           : text_is(fields[0], "name") || text_is(fields[0], "applied_at") ? 0
                                                                            : HAS_OTHER;
}

struct table_columns {
    uint32_t oid;
    unsigned bits;
};

static int compare_tables(const void *left, const void *right) {
    const struct table_columns *a = left, *b = right;
    return (a->oid > b->oid) - (a->oid < b->oid);
}

static struct text schema_name(const struct catalog *catalog, uint32_t oid) {
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'n' && catalog->rows[i].object == oid) {
            return catalog->rows[i].fields[0];
        }
    }
    return TEXT("");
}

static struct table_columns *tables_with_columns(struct arena *arena, const struct catalog *catalog,
                                                 size_t *ret_count) {
    struct table_columns *tables = arena_array(arena, struct table_columns, catalog->count);
    size_t count = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'a' && column_bit(&catalog->rows[i]) == HAS_CREATED_AT) {
            tables[count++].oid = catalog->rows[i].object;
        }
    }
    qsort(tables, count, sizeof *tables, compare_tables);
    for (size_t i = 0; count > 0 && i < catalog->count; i++) {
        struct table_columns sought = {.oid = catalog->rows[i].object};
        struct table_columns *table =
            catalog->rows[i].kind == 'a' ? bsearch(&sought, tables, count, sizeof *tables, compare_tables) : NULL;
        if (table) {
            table->bits |= column_bit(&catalog->rows[i]);
        }
    }
    *ret_count = count;
    return tables;
}

static int compare_ledgers(const void *left, const void *right) {
    const struct effects_ledger *a = left, *b = right;
    int order = text_compare(a->schema, b->schema);
    return order != 0 ? order : text_compare(a->table, b->table);
}

/* Returns the OID of the configured ledger, or 0. */
static uint32_t ledger_asked_for(const struct catalog *catalog) {
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 's') {
            return catalog->rows[i].object;
        }
    }
    return 0;
}

static bool has_usual_name(const struct catalog_row *row) {
    return text_is(row->fields[0], "__drizzle_migrations") &&
           (text_is(row->fields[1], "r") || text_is(row->fields[1], "p"));
}

void ledgers_find(struct arena *arena, const struct catalog *catalog, struct effects_database *database) {
    size_t count, found = database->ledger_count;
    uint32_t asked_for = ledger_asked_for(catalog);
    const struct table_columns *tables = tables_with_columns(arena, catalog, &count);
    for (size_t i = 0; i < catalog->count; i++) {
        const struct catalog_row *row = &catalog->rows[i];
        struct table_columns sought = {.oid = row->object};
        if (row->kind != 'r' || row->object == asked_for) {
            continue;
        }
        const struct table_columns *table =
            count > 0 ? bsearch(&sought, tables, count, sizeof *tables, compare_tables) : NULL;
        if ((table && table->bits == IS_LEDGER) || has_usual_name(row)) {
            database->ledgers =
                arena_more(arena, database->ledgers, found, &database->ledger_capacity, sizeof *database->ledgers);
            database->ledgers[found++] =
                (struct effects_ledger){.schema = text_copy(arena, schema_name(catalog, row->parent)),
                                        .table = text_copy(arena, row->fields[0])};
        }
    }
    if (found > database->ledger_count) {
        qsort(database->ledgers + database->ledger_count, found - database->ledger_count, sizeof *database->ledgers,
              compare_ledgers);
    }
    database->ledger_count = found;
}
