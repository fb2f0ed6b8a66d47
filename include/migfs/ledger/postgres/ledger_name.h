/* A connection string may say which ledger is meant in its database: `?ledger=schema.table`, or the keyword `ledger=schema.table`. No client
 * knows this parameter, so it is taken out before one gets the rest. Pure text. */
#ifndef MIGFS_LEDGER_POSTGRES_LEDGER_NAME_H
#define MIGFS_LEDGER_POSTGRES_LEDGER_NAME_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* As they stand in the catalogs, malloc'ed; NULL: as for all databases. */
struct ledger_name {
    char *schema, *table;
};

/* True for keywords of which the first is `ledger`; false for a database that is named so (`ledger=postgres://…`). */
bool ledger_name_begins(const char *value);

/* Takes the parameter out of the string, which gets shorter in place. ERROR_USAGE when it names no ledger, or is there twice; the error
 * repeats nothing of the string. */
bool ledger_name_take(char *conninfo, struct ledger_name *ret_name, struct error *error);

/* `schema.table` as the parameter has it, in quotation marks where that is needed. Malloc'ed; NULL when memory has run out. `schema` may be
 * NULL. */
char *ledger_name_text(const char *schema, const char *table);

void ledger_name_free(struct ledger_name *name);

#endif
