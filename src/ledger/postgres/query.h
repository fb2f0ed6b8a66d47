/* The question put to a database, and its answer made into a ledger. Each question is one message holding one whole
 * transaction, so it is right through a pooler and leaves nothing open. It asks for the columns there are now, and for the rows by
 * the columns there were last time: one round trip while nothing changes, and no error in the server's log where the table is
 * missing. Pure text and messages (wire.h): it sends nothing.
 *
 * An answer is believed only if it is exactly one to the question: the same statements, each with its columns, their types, and as many
 * rows as it says. */
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

/* A ledger has some hundred rows. Beyond this it is not a ledger, and reading it would hurt both sides. */
enum { LEDGER_ROWS_MAXIMUM = 200000 };

struct ledger_query {
    char *schema, *table; /* quoted as in SQL */
    char *literal;        /* both, for to_regclass() */
    char *runs;           /* a transaction of its own: see query.c */
    char *head[2];        /* BEGIN to the question for columns; the second asks for the server's places with it */
    char *body[2][2];     /* the question for rows, by has_id and is_v1 */
};

bool ledger_query_create(struct ledger_query *ret_query, const char *schema, const char *table, unsigned timeout_ms,
                         struct error *error);
void ledger_query_destroy(struct ledger_query *query);

struct ledger_columns {
    bool is_table; /* the table is there */
    bool has_id, has_hash, has_created_at, has_name, has_applied_at;
    char created_at_type[64]; /* as PostgreSQL prints it */
};

bool ledger_columns_equal(const struct ledger_columns *a, const struct ledger_columns *b);

/* False when no rows can be asked for: no table, or one that lacks what every ledger has. */
bool ledger_columns_suffice(const struct ledger_columns *columns);

/* The SQL, malloc'ed; asks for no rows when the columns do not suffice. `tools` is for catalog_query_text(); NULL: no catalogs are asked
 * for. NULL when memory has run out. */
char *ledger_query_text(const struct ledger_query *query, const struct ledger_columns *columns, bool asks_for_places,
                        const char *tools);

/* An answer taken apart. */
struct ledger_result {
    struct ledger_runs runs; /* `above` is the sequence's last value here */
    struct ledger_columns columns;
    struct ledger_server_places places;
    struct text rows; /* the messages of the question for rows; empty where none was asked */
    size_t row_count;
    uint32_t created_at_type; /* in pg_type */
    struct catalog_answer catalogs;
};

/* Takes apart the messages that answer the text made for `expected`, with the catalogs or without. ERROR_DATABASE where they are not exactly that. */
bool ledger_query_read(const struct ledger_query *query, const struct ledger_columns *expected, bool expects_catalogs,
                       struct text messages, struct ledger_result *ret_result, struct error *error);

/* Changes when a cell does, or the order in which the rows came; not with the runs. */
struct digest ledger_query_digest(const struct ledger_result *result);

/* The ledger of this answer, named as the one before. NULL with ERROR_DATABASE when the table is not a ledger. */
struct ledger *ledger_query_ledger(const struct ledger_query *query, const struct ledger *before,
                                   const struct ledger_result *result, struct error *error);

#endif
