/* The question for the catalogs, and its answer made into a record. */
#ifndef MIGFS_LEDGER_POSTGRES_CATALOG_QUERY_H
#define MIGFS_LEDGER_POSTGRES_CATALOG_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/wire.h"
#include "migfs/ledger/catalog.h"

/* One SELECT, to stand in the ledger's own transaction; malloc'ed, NULL when memory has run out. `ledger` is the literal of the ledger's
 * name; `candidates` and `tools` are from tools.h, `tools` as it was made of the answer before, or empty. */
char *catalog_query_text(const char *ledger, const char *candidates, const char *tools);

/* The cells of a row. */
enum {
    CATALOG_CELL_KIND,
    CATALOG_CELL_OBJECT,
    CATALOG_CELL_FIELDS = 3,
    CATALOG_CELLS = CATALOG_CELL_FIELDS + CATALOG_FIELDS
};

struct catalog_answer {
    bool is_there;       /* it was asked for */
    struct text rows;    /* messages */
    size_t count, bytes; /* of the rows, and of all their fields */
};

/* Takes the messages that answer it from [*at, end). False where they are not exactly that. */
bool catalog_query_take(const char **at, const char *end, struct catalog_answer *ret_answer);

/* Takes the cells of one row of an answer that was taken. False at its end. */
bool catalog_query_next(const char **at, const char *end, struct text *ret_cells);

/* `search_path`, unless it is NULL, stands in for the one that the server has for us. */
struct catalog *catalog_query_read(const struct catalog_answer *answer, const char *search_path, struct error *error);

#endif
