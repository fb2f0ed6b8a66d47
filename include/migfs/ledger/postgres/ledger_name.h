/* A connection string may name the ledger of its database: `?ledger=schema.table`, or the keyword
 * `ledger=schema.table`. No client knows this parameter, so it is removed before a client gets the
 * string. Works on text only. */
#ifndef MIGFS_LEDGER_POSTGRES_LEDGER_NAME_H
#define MIGFS_LEDGER_POSTGRES_LEDGER_NAME_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* The names as in the catalogs, malloc'ed; NULL: the default for all databases. */
struct ledger_name {
    char *schema, *table;
};

/* Returns whether the string is keywords of which the first is `ledger`; false for a database of
 * that name (`ledger=postgres://…`). */
bool ledger_name_begins(const char *value);

/* Removes the parameter from the string in place. ERROR_USAGE if its value is not a table name, or
 * it is given twice; the error repeats no part of the string. */
bool ledger_name_take(char *conninfo, struct ledger_name *ret_name, struct error *error);

/* Returns `schema.table` as written in the parameter, quoted if necessary. Malloc'ed; NULL when
 * memory has run out. `schema` may be NULL. */
char *ledger_name_text(const char *schema, const char *table);

void ledger_name_free(struct ledger_name *name);

#endif
