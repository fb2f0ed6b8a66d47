/* The tables that may be other tools' ledgers, `supabase_migrations.schema_migrations` and its like: the part of the catalogs' question that
 * reads them. The answer before lists them (rows of kind `l`); what they hold comes as rows of kind `m`. */
#ifndef MIGFS_LEDGER_POSTGRES_TOOLS_H
#define MIGFS_LEDGER_POSTGRES_TOOLS_H

#include "ledger/postgres/catalog_query.h"

/* A format, for the literal of the ledger's own name: a row of kind `l` for each such table with its name, its schema, its columns of
 * numbers and of names, and those that say whether a row counts. Stands behind the other parts of catalog_query_text(). */
extern const char tools_candidates[];

/* SQL for catalog_query_text(), malloc'ed; empty where there is no such table. NULL when memory has run out. */
char *tools_query(const struct catalog_answer *answer);

#endif
