/* Finds the schema of unqualified names: the one on the search path with most of the tables that
 * migrations use without a schema. Part of the join. */
#ifndef MIGFS_JOIN_EFFECTS_TABLES_H
#define MIGFS_JOIN_EFFECTS_TABLES_H

#include "migfs/join/effects.h"

struct effects_tables {
    struct arena *arena; /* holds the list */
    struct names *names;
    uint32_t *tables; /* names of tables used without a schema, one per migration */
    size_t count, room;
};

/* `fact` is one of a migration's own, with "public" as the default schema. */
void effects_tables_note(struct effects_tables *tables, const struct fact *fact);

/* Finds it in a database with these catalogs and a ledger in the schema `own`. Returns false if only
 * schemas off the search path have the tables; they are then listed in database->elsewhere. */
bool effects_tables_find_schema(const struct effects_tables *tables, struct arena *arena, const struct fold *fold,
                                const struct catalog *catalog, struct text own, struct effects_database *database,
                                struct text *ret_schema);

#endif
