/* One database's way from nothing to an answer, as seen from the process that serves the view: it begins a session (session.h), puts
 * questions to it, and takes what comes back for what it is. It does what can be done now and says what it waits for; when to
 * ask is the reader's business. Knows no libpq. */
#ifndef MIGFS_LEDGER_POSTGRES_CONNECTION_H
#define MIGFS_LEDGER_POSTGRES_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/postgres/order.h"
#include "ledger/postgres/query.h"
#include "ledger/postgres/wire.h"
#include "migfs/ledger/driver.h"
#include "migfs/util/error.h"

struct ledger_connection {
    struct ledger_order order; /* for each session */
    struct ledger_query query;
    int epoll;
    uint64_t event;
    bool keeps_near;

    enum ledger_phase phase;
    int64_t begun, deadline; /* ms of CLOCK_MONOTONIC; of the read, and of the step being done */
    int64_t looked_up;       /* ms of CLOCK_MONOTONIC; when the order's addresses were told */
    bool has_answered;       /* the read before, so that there is an answer that can stand for longer */

    int session; /* its socket; -1: none */
    bool asks_for_places;
    bool was_kept; /* the session is older than the question */
    bool is_near;  /* the server is on this machine, and is not kept waiting for us to go */
    unsigned asked;
    bool reads_catalogs, wants_catalogs; /* at all; with the next question, whatever the time */
    bool asked_for_catalogs;             /* in the question being answered */
    int64_t catalogs_read;               /* ms of CLOCK_MONOTONIC; 0: never */
    struct digest catalogs_rows;         /* of the rows that came with them */
    char *tools;      /* what other tools' ledgers are read by, as the catalogs were last; NULL: not known yet */
    bool skips_tools; /* that failed: this read goes without */
    struct ledger_columns expected; /* as the question being answered takes them to be */
    struct ledger_result result;    /* of the answer; its columns are kept for the next question */

    struct wire_buffer in; /* what has come since the question */
    size_t answer, taken;  /* where in it the answer begins, and up to where its messages were taken */
    char silent[1024];     /* what is to be said at the deadline… */
    char ended[1024];      /* …or when the session ends */
};

/* As driver.h has them; phase and deadline tell the rest. */
enum ledger_progress ledger_connection_begin(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                             struct error *error);
enum ledger_progress ledger_connection_proceed(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                               struct error *error);
enum ledger_progress ledger_connection_expire(struct ledger_connection *connection, struct error *error);
void ledger_connection_rest(struct ledger_connection *connection);
void ledger_connection_close(struct ledger_connection *connection);

#endif
