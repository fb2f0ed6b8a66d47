/* What the catalogs of one database held at one moment, of all schemas but PostgreSQL's own: rows as the driver's question made them. What
 * they mean is schema/catalog.h's business.
 *
 * Immutable and counted; any thread may hold it. */
#ifndef MIGFS_LEDGER_CATALOG_H
#define MIGFS_LEDGER_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/digest.h"
#include "migfs/util/error.h"
#include "migfs/util/record.h"
#include "migfs/util/text.h"

enum { CATALOG_FIELDS = 5, CATALOG_ROWS_MAXIMUM = 150000 };

struct catalog_row {
    char kind;                          /* a letter of the question's: see schema/catalog.c */
    uint32_t object, parent;            /* oids, or a column's number */
    struct text fields[CATALOG_FIELDS]; /* the name first */
};

struct catalog {
    struct record record;
    struct digest digest;
    bool is_cut; /* it held more than CATALOG_ROWS_MAXIMUM rows: then none are here */
    size_t count;
    struct catalog_row rows[];
};

/* Room for so many rows whose fields together have so many bytes. *ret_bytes is where to put them. NULL when memory has run out. */
struct catalog *catalog_create(size_t count, size_t bytes, char **ret_bytes);

struct catalog *catalog_ref(struct catalog *catalog);
void catalog_unref(struct catalog *catalog); /* takes NULL */

/* Takes over the reference to `read` (NULL: nothing was read). Returns whether *held has become it, which says something else. */
bool catalog_replace(struct catalog **held, struct catalog *read);

#endif
