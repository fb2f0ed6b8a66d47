/* The question put to a database, and its answer made into a ledger. Each question is one message holding one whole
 * transaction, so it is right through a pooler and leaves nothing open. It asks for the columns there are now, and for the rows by
 * the columns there were last time: one round trip while nothing changes, and no error in the server's log where the table is
 * missing. */
#ifndef MIGFS_LEDGER_POSTGRES_QUERY_H
#define MIGFS_LEDGER_POSTGRES_QUERY_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "migfs/ledger/driver.h"
#include "migfs/ledger/ledger.h"
#include "migfs/util/digest.h"
#include "migfs/util/error.h"

/* A ledger has some hundred rows. Beyond this it is not a ledger, and reading it would hurt both sides. */
enum { LEDGER_ROWS_MAXIMUM = 200000 };

struct ledger_query {
    char *schema, *table; /* quoted as in SQL */
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

/* Reads the first result set of an answer. */
void ledger_columns_read(const PGresult *result, struct ledger_columns *ret_columns);

/* Reads the same result set. */
struct ledger_server_places ledger_server_places_read(const PGresult *result);

/* One message; sends nothing for rows when the columns do not suffice. False when it could not be sent. */
bool ledger_query_send(const struct ledger_query *query, PGconn *pg, const struct ledger_columns *columns,
                       bool asks_for_places);

/* Changes when a cell does, or the order in which the rows came. `rows` may be NULL. */
bool ledger_query_digest(const struct ledger_columns *columns, const PGresult *rows, struct digest *ret_digest,
                         struct error *error);

/* The ledger of this answer; `rows` may be NULL where the columns do not suffice. NULL with ERROR_DATABASE when the table is no
 * ledger. */
struct ledger *ledger_query_ledger(const struct ledger_query *query, struct text database,
                                   const struct ledger_columns *columns, const PGresult *rows, struct error *error);

#endif
