/* Rule R8: unqualified names. */
#include "join/effects_tables.h"

#include "migfs/schema/catalog.h"

void effects_tables_note(struct effects_tables *tables, const struct fact *fact) {
    if (fact->kind == FACT_RELATION && fact->schema == names_number(tables->names, TEXT("public")) &&
        fact->type == 'r') {
        tables->tables =
            arena_more(tables->arena, tables->tables, tables->count, &tables->room, sizeof *tables->tables);
        tables->tables[tables->count++] = fact->name;
    }
}

static size_t count_in(const struct effects_tables *tables, const struct fold *fold, struct text schema) {
    uint32_t in = names_number(tables->names, schema);
    size_t count = 0;
    for (size_t i = 0; i < tables->count; i++) {
        const struct fact *found = fold_find(fold, FACT_RELATION, in, 0, tables->tables[i]);
        count += found && found->is_there;
    }
    return count;
}

/* Returns the schema with most of the tables, or public if no schema or more than one has the most.
 * *ret_best is how many it has. */
static struct text find_best(const struct effects_tables *tables, const struct fold *fold, const struct text *schemas,
                             size_t count, size_t *ret_best) {
    struct text found = TEXT("public");
    size_t best = 0, ties = 0;
    for (size_t i = 0; i < count; i++) {
        size_t in = count_in(tables, fold, schemas[i]);
        ties = in == best ? ties + 1 : in > best ? 0 : ties;
        found = in > best ? schemas[i] : found;
        best = in > best ? in : best;
    }
    *ret_best = best;
    return best == 0 || ties > 0 ? TEXT("public") : found;
}

/* If each tenant has a schema, the search path of the connection may contain none of them. Then the
 * tables belong to the ledger's schema if that has any. Otherwise it is not known which schema is
 * meant, so absent objects are not reported as missing. */
bool effects_tables_find_schema(const struct effects_tables *tables, struct arena *arena, const struct fold *fold,
                                const struct catalog *catalog, struct text own, struct effects_database *database,
                                struct text *ret_schema) {
    const struct text *schemas;
    size_t best, count = schema_catalog_path(arena, catalog, &schemas);
    *ret_schema = find_best(tables, fold, schemas, count, &best);
    if (best > 0) {
        return true;
    }
    if (count_in(tables, fold, own) > 0) {
        *ret_schema = own;
        return true;
    }
    database->elsewhere = arena_array(arena, struct text, catalog->count);
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'n' && count_in(tables, fold, catalog->rows[i].fields[0]) > 0) {
            database->elsewhere[database->elsewhere_count++] = text_copy(arena, catalog->rows[i].fields[0]);
        }
    }
    return database->elsewhere_count == 0;
}
