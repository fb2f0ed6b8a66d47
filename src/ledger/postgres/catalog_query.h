/* The question for the catalogs, and its answer made into a record. */
#ifndef MIGFS_LEDGER_POSTGRES_CATALOG_QUERY_H
#define MIGFS_LEDGER_POSTGRES_CATALOG_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/wire.h"
#include "migfs/ledger/catalog.h"

/* One SELECT, to stand in the ledger's own transaction. */
extern const char catalog_query[];

struct catalog_answer {
    bool is_there;       /* it was asked for */
    struct text rows;    /* messages */
    size_t count, bytes; /* of the rows, and of all their fields */
};

/* Takes the messages that answer it from [*at, end). False where they are not exactly that. */
bool catalog_query_take(const char **at, const char *end, struct catalog_answer *ret_answer);

struct catalog *catalog_query_read(const struct catalog_answer *answer, struct error *error);

#endif
