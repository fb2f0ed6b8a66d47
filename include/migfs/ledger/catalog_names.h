/* The names that a large database is asked for: of relations, constraints, types and functions.
 *
 * Immutable and reference-counted; any thread may hold it. */
#ifndef MIGFS_LEDGER_CATALOG_NAMES_H
#define MIGFS_LEDGER_CATALOG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/record.h"
#include "migfs/util/text.h"

/* The longest SQL literal that a query may have, in bytes. */
enum { CATALOG_NAMES_MAXIMUM = 96 << 10 };

struct catalog_names {
    struct record record;
    bool are_too_many; /* their literal would be longer than CATALOG_NAMES_MAXIMUM */
    size_t count;
    struct text names[]; /* sorted, each once */
};

/* Copies the names. Leaves out those with characters other than printable ASCII: a server whose
 * encoding lacks one would reject the query. Queries include all objects with such names. Returns
 * NULL when memory has run out. */
struct catalog_names *catalog_names_create(const struct text *names, size_t count);

struct catalog_names *catalog_names_ref(struct catalog_names *names); /* accepts NULL */
void catalog_names_unref(struct catalog_names *names);                /* accepts NULL */

/* Whether an object with this name was asked for. `names` may be NULL: none was. */
bool catalog_names_have(const struct catalog_names *names, struct text name);

/* Whether everything that `wanted` asks for was asked for. `names` may be NULL. */
bool catalog_names_cover(const struct catalog_names *names, const struct catalog_names *wanted);

/* Returns a literal of type text[], malloc'ed; NULL when memory has run out. */
char *catalog_names_literal(const struct catalog_names *names);

#endif
