/* One database's way from nothing to an answer: look up, connect, ask, and keep the connection. It does what can be done now and
 * says what it waits for; who calls it, and when to ask again, is the reader's business. */
#ifndef MIGFS_LEDGER_POSTGRES_CONNECTION_H
#define MIGFS_LEDGER_POSTGRES_CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/postgres/failure.h"
#include "ledger/postgres/query.h"
#include "ledger/postgres/resolve.h"
#include "ledger/postgres/target.h"
#include "migfs/ledger/driver.h"
#include "migfs/util/error.h"

enum postgres_phase {
    POSTGRES_CLOSED,
    POSTGRES_KEPT,
    POSTGRES_LOOKING_UP,
    POSTGRES_CONNECTING,
    POSTGRES_ASKING,
    POSTGRES_ROLLING_BACK, /* after an error, for the connection to be of use again */
};

struct ledger_connection {
    struct ledger_target target;
    struct ledger_query query;
    unsigned timeout_ms;
    int epoll;
    uint64_t event;

    enum ledger_asks_for_places asks_for_places; /* given for each read */

    enum postgres_phase phase;
    int64_t deadline; /* ms of CLOCK_MONOTONIC, of the step being done */

    struct ledger_lookup *lookup; /* kept while its addresses are of use */
    int64_t lookup_begun;         /* ms of CLOCK_MONOTONIC */
    size_t address;               /* of the lookup's, the one in use */
    int64_t connect_deadline;     /* for all addresses together */

    PGconn *pg;
    enum ledger_verdict verdict; /* of the last address that was tried */
    bool was_kept;               /* the connection is older than the question */
    unsigned asked;
    struct ledger_server_places places; /* of the answer, if asked for */
    bool has_columns;                   /* of the message being answered, the first result set has come */
    struct ledger_columns columns;      /* as last seen */
    struct ledger_columns expected;     /* as the message being answered takes them to be */
    PGresult *rows;                     /* of the answer; NULL where the columns do not suffice */
    PGresult *failed;                   /* the error the server answered with */
};

/* As driver.h has them; the fields above tell the rest. */
enum ledger_progress ledger_connection_begin(struct ledger_connection *connection, int64_t now, struct error *error);
enum ledger_progress ledger_connection_proceed(struct ledger_connection *connection, int64_t now, struct error *error);
enum ledger_progress ledger_connection_expire(struct ledger_connection *connection, int64_t now, struct error *error);

/* Lets go of the answer and keeps the connection. */
void ledger_connection_rest(struct ledger_connection *connection);

/* Lets go of the connection; a later begin makes a new one. */
void ledger_connection_close(struct ledger_connection *connection);

/* Lets go of the connection and of what was looked up. */
void ledger_connection_finish(struct ledger_connection *connection);

#endif
