/* A database's catalogs (ledger/catalog.h) as a fold that is complete: facts that are compared with those of the migrations, and the state from
 * which the migrations that have not run begin. Belongs to the thread of the arena. */
#ifndef MIGFS_SCHEMA_CATALOG_H
#define MIGFS_SCHEMA_CATALOG_H

#include "migfs/ledger/catalog.h"
#include "migfs/schema/facts.h"

/* The schemas in which PostgreSQL looks for unqualified names, in order, as texts. */
size_t schema_catalog_path(struct arena *arena, const struct catalog *catalog, const struct text **ret_schemas);

/* All that is there, with attributes of every column. */
struct fold *schema_catalog_fold(struct arena *arena, struct names *names, const struct catalog *catalog,
                                 struct text default_schema);

enum schema_presence { SCHEMA_THERE, SCHEMA_MISSING };

/* Whether the catalogs are as the fact says. */
enum schema_presence schema_catalog_holds(const struct fold *catalog, const struct fact *fact);

#endif
