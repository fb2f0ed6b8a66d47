/* One database's way from nothing to an answer: look up, connect, ask, and keep the connection. It does what can be done now and
 * says what it waits for; who calls it, and when to ask again, is the reader's business. Only for the sources named ledger*. */
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
#include "migfs/util/error.h"

enum ledger_phase {
    LEDGER_PHASE_CLOSED,
    LEDGER_PHASE_KEPT,       /* connected, and asked nothing */
    LEDGER_PHASE_LOOKING_UP, /* from here on an answer is awaited, until `deadline` at most */
    LEDGER_PHASE_CONNECTING,
    LEDGER_PHASE_ASKING,
    LEDGER_PHASE_ROLLING_BACK, /* after an error, for the connection to be of use again */
};

struct ledger_connection {
    /* given by the reader, once */
    const struct ledger_target *target;
    const struct ledger_query *query;
    unsigned timeout_ms;
    int epoll;      /* the descriptors of this connection are put there… */
    uint64_t event; /* …under this number */

    /* given for each read */
    bool asks_for_places; /* also how many connections the server takes */
    bool knows_places;    /* not if the connection is older than the question */

    enum ledger_phase phase;
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

enum ledger_progress {
    LEDGER_PROGRESS_NONE,     /* it waits: for its descriptor, until its deadline; or for nothing at all */
    LEDGER_PROGRESS_ANSWERED, /* `columns` and `rows` are the answer, until rest or close */
    LEDGER_PROGRESS_FAILED,   /* the error says why; a `verdict` tells more of a connection that did not come about */
};

/* True from begin to answer or failure. */
bool ledger_connection_is_busy(const struct ledger_connection *connection);

/* Begins a read; only when it is not busy. `now` is ms of CLOCK_MONOTONIC. */
enum ledger_progress ledger_connection_begin(struct ledger_connection *connection, int64_t now, struct error *error);

/* Its descriptor is ready. */
enum ledger_progress ledger_connection_continue(struct ledger_connection *connection, int64_t now, struct error *error);

/* Its deadline has passed. */
enum ledger_progress ledger_connection_expire(struct ledger_connection *connection, int64_t now, struct error *error);

/* Lets go of the answer and keeps the connection. */
void ledger_connection_rest(struct ledger_connection *connection);

/* Lets go of the connection; a later begin makes a new one. */
void ledger_connection_close(struct ledger_connection *connection);

/* Lets go of everything. */
void ledger_connection_finish(struct ledger_connection *connection);

#endif
