/* The catalogs of one database at one moment, for all schemas except PostgreSQL's own: rows as the
 * driver's query returned them. schema/catalog.h interprets them.
 *
 * Immutable and reference-counted; any thread may hold it. */
#ifndef MIGFS_LEDGER_CATALOG_H
#define MIGFS_LEDGER_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/ledger/catalog_names.h"
#include "migfs/util/digest.h"
#include "migfs/util/error.h"
#include "migfs/util/record.h"
#include "migfs/util/text.h"

/* Of a database with more relations than CATALOG_RELATIONS_MAXIMUM, only the objects with certain
 * names are read. */
enum { CATALOG_FIELDS = 5, CATALOG_ROWS_MAXIMUM = 150000, CATALOG_RELATIONS_MAXIMUM = 2000 };

struct catalog_row {
    char kind;                          /* a letter from the query: see schema/catalog.c */
    uint32_t object, parent;            /* OIDs, or a column number */
    struct text fields[CATALOG_FIELDS]; /* the name comes first */
};

struct catalog {
    struct record record;
    struct digest digest;
    bool is_cut;                 /* there were more than CATALOG_ROWS_MAXIMUM rows, so none are kept */
    bool is_partial;             /* only the objects with these names and what belongs to them were read */
    struct catalog_names *names; /* is_partial: owned; NULL: none was asked for */
    size_t count;
    struct catalog_row rows[];
};

/* Allocates room for `count` rows whose fields have `bytes` bytes together. *ret_bytes is where to
 * put them. Returns NULL when memory has run out. */
struct catalog *catalog_create(size_t count, size_t bytes, char **ret_bytes);

/* How often the catalogs of each database are read if nothing has changed, in seconds: every 30 or,
 * with more than fifty databases, as rarely as needed so that no more than fifty are read in 30
 * seconds. */
unsigned catalog_seconds(size_t databases);

void catalog_unref(struct catalog *catalog); /* accepts NULL */

/* Takes ownership of the reference to `read` (NULL: nothing was read). Returns true, with `read` in
 * *held, if it differs from *held, or was read for other names. */
bool catalog_replace(struct catalog **held, struct catalog *read);

#endif
