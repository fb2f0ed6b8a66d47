/* The query for a ledger, and the parser of its answer. Each query is one message with one whole
 * transaction, so it works through a pooler and leaves nothing open. It reads the current columns,
 * and the rows by the columns of the previous read: one round trip while the columns stay the same,
 * and no error in the server's log if the table is missing. Works on text and messages only
 * (wire.h): it sends nothing.
 *
 * An answer is accepted only if it has exactly the expected form: the same statements, each with
 * its columns, their types, and as many rows as it claims. */
#ifndef MIGFS_LEDGER_POSTGRES_QUERY_H
#define MIGFS_LEDGER_POSTGRES_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/catalog_query.h"
#include "ledger/postgres/wire.h"
#include "migfs/ledger/driver.h"
#include "migfs/ledger/ledger.h"
#include "migfs/util/digest.h"
#include "migfs/util/error.h"

/* Ledgers have some hundred rows. A table with more than this is not a ledger, and reading it would
 * burden both sides. */
enum { LEDGER_ROWS_MAXIMUM = 200000 };

struct ledger_query {
    char *schema, *table; /* quoted as in SQL */
    char *literal;        /* both, for to_regclass() */
    char *runs;           /* a separate transaction: see query.c */
    char *head[2];        /* BEGIN to the query for columns; [1] also reads the server's connections */
    char *body[2][2];     /* the query for rows, by has_id and is_v1 */
};

bool ledger_query_create(struct ledger_query *ret_query, const char *schema, const char *table, unsigned timeout_ms,
                         struct error *error);
void ledger_query_destroy(struct ledger_query *query);

struct ledger_columns {
    bool is_table; /* the table exists */
    bool has_id, has_hash, has_created_at, has_name, has_applied_at;
    char created_at_type[64]; /* as PostgreSQL prints it */
};

bool ledger_columns_equal(const struct ledger_columns *a, const struct ledger_columns *b);

/* Returns false if no rows can be queried: there is no table, or it lacks columns that every ledger
 * has. */
bool ledger_columns_suffice(const struct ledger_columns *columns);

/* Returns the SQL, malloc'ed; NULL when memory has run out. It does not query rows if the columns
 * do not suffice. `catalogs` is NULL if it does not query these. */
char *ledger_query_text(const struct ledger_query *query, const struct ledger_columns *columns, bool asks_for_places,
                        bool asks_for_runs, const struct catalog_question *catalogs);

/* A parsed answer. */
struct ledger_result {
    struct ledger_runs runs; /* `above` is the sequence's last value here */
    struct ledger_columns columns;
    struct ledger_server_places places;
    struct text rows; /* the messages with the rows; empty if none were queried */
    size_t row_count;
    uint32_t created_at_type; /* OID in pg_type */
    struct catalog_answer catalogs;
};

/* Parses the messages that answer the SQL made for `expected`, with or without runs and catalogs.
 * ERROR_DATABASE if they do not have exactly the expected form. */
bool ledger_query_read(const struct ledger_query *query, const struct ledger_columns *expected, bool expects_runs,
                       bool expects_catalogs, struct text messages, struct ledger_result *ret_result,
                       struct error *error);

/* Changes if a cell or the order of the rows changes, but not with the runs. */
struct digest ledger_query_digest(const struct ledger_result *result);

/* Returns the ledger of this answer, with the names of the previous one. NULL with ERROR_DATABASE
 * if the table is not a ledger. */
struct ledger *ledger_query_ledger(const struct ledger_query *query, const struct ledger *before,
                                   const struct ledger_result *result, struct error *error);

#endif
