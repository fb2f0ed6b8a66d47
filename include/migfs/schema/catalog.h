/* Turns a database's catalogs (ledger/catalog.h) into a complete fold: facts to compare with those
 * of the migrations, and the state in which pending migrations start. Belongs to the arena's
 * thread. */
#ifndef MIGFS_SCHEMA_CATALOG_H
#define MIGFS_SCHEMA_CATALOG_H

#include "migfs/ledger/catalog.h"
#include "migfs/schema/facts.h"

/* The schemas that PostgreSQL searches for unqualified names, in search_path order. */
size_t schema_catalog_path(struct arena *arena, const struct catalog *catalog, const struct text **ret_schemas);

/* A complete fold of all objects in the catalogs, with the attributes of every column. */
struct fold *schema_catalog_fold(struct arena *arena, struct names *names, const struct catalog *catalog,
                                 struct text default_schema);

enum schema_presence { SCHEMA_THERE, SCHEMA_MISSING };

/* Whether the catalogs agree with the fact. */
enum schema_presence schema_catalog_holds(const struct fold *catalog, const struct fact *fact);

#endif
