/* The query for the catalogs, and the conversion of its answer to a record. */
#ifndef MIGFS_LEDGER_POSTGRES_CATALOG_QUERY_H
#define MIGFS_LEDGER_POSTGRES_CATALOG_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/wire.h"
#include "migfs/ledger/catalog.h"

enum catalog_extent {
    CATALOG_AHEAD,    /* whether it is large, and tables that may be other tools' ledgers; no catalogs */
    CATALOG_IF_SMALL, /* everything, but no objects of a large database */
    CATALOG_NAMED,    /* objects with certain names, and what belongs to them */
    CATALOG_WHOLE,
};

/* What to read of the catalogs. */
struct catalog_question {
    enum catalog_extent extent;
    const struct catalog_names *names; /* CATALOG_NAMED */
    const char *tools;                 /* from tools.h, made from an earlier answer, or empty */
};

/* Returns one SELECT for the ledger's own transaction; malloc'ed, NULL when memory has run out.
 * `ledger` is the literal of the ledger's name; `candidates` comes from tools.h. */
char *catalog_query_text(const char *ledger, const char *candidates, const struct catalog_question *question);

/* The columns of a row. */
enum {
    CATALOG_CELL_KIND,
    CATALOG_CELL_OBJECT,
    CATALOG_CELL_FIELDS = 3,
    CATALOG_CELLS = CATALOG_CELL_FIELDS + CATALOG_FIELDS
};

struct catalog_answer {
    bool is_there;       /* the query included the catalogs */
    bool is_large;       /* the database has more than CATALOG_RELATIONS_MAXIMUM relations */
    struct text rows;    /* messages */
    size_t count, bytes; /* number of rows, and size of all their fields */
};

/* Takes the messages of the answer from [*at, end). Returns false if they do not have exactly the
 * expected form. */
bool catalog_query_take(const char **at, const char *end, struct catalog_answer *ret_answer);

/* Takes the cells of the next row of such an answer. Returns false at its end. */
bool catalog_query_next(const char **at, const char *end, struct text *ret_cells);

/* `search_path`, unless NULL, replaces the one that the server has for us. */
struct catalog *catalog_query_read(const struct catalog_answer *answer, const char *search_path, struct error *error);

#endif
