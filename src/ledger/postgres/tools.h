/* The part of the catalogs' query that reads tables that may be other tools' ledgers, such as
 * `supabase_migrations.schema_migrations`. The previous answer lists them (rows of kind `l`); their
 * contents come as rows of kind `m`. */
#ifndef MIGFS_LEDGER_POSTGRES_TOOLS_H
#define MIGFS_LEDGER_POSTGRES_TOOLS_H

#include "ledger/postgres/catalog_query.h"

/* A format string for the literal of the ledger's own name. Gives a row of kind `l` for each such
 * table, with its name, schema, number column, name column, and the columns that say whether a row
 * counts. Follows the other parts of catalog_query_text(). */
extern const char tools_candidates[];

/* Returns SQL for catalog_query_text(), malloc'ed; empty if there is no such table, NULL when
 * memory has run out. */
char *tools_query(const struct catalog_answer *answer);

#endif
