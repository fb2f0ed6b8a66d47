/* The connection to one database, as seen from the process that serves the view: it starts a
 * session (session.h), sends queries to it and checks the answers. It does what is possible without
 * waiting and reports what it waits for; the reader decides when to query. Does not use libpq. */
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
    int64_t begun, deadline; /* ms of CLOCK_MONOTONIC; of the read, and of its current step */
    int64_t looked_up;       /* ms of CLOCK_MONOTONIC; when the addresses in `order` were resolved */
    bool has_answered;       /* the previous read succeeded, so its answer can be shown for longer */

    int session; /* its socket; -1: none */
    bool asks_for_places;
    bool was_kept; /* the session existed before the query, and has not taken it up yet */
    bool is_near;  /* the server is on this machine, so no idle connection is kept */
    unsigned asked;
    /* Whether to read them at all, and whether the next query must, regardless of time. */
    bool reads_catalogs, wants_catalogs;
    bool wants_since; /* since the current query was made */
    /* changes by hand affect the catalogs but no row, so they are read again after this time */
    unsigned catalogs_ms;
    struct ledger_names names;         /* see driver.h */
    struct catalog_names *asked_names; /* of the last query for catalogs, owned; NULL: it had none */
    enum catalog_extent extent;        /* of the last query for catalogs or ahead */
    bool is_large;                     /* the database was when last read: see catalog_query.h */
    bool asked_for_runs;               /* by the current query */
    bool asked_for_catalogs;           /* likewise */
    bool asked_ahead;                  /* likewise, for CATALOG_AHEAD instead */
    int64_t catalogs_read;             /* ms of CLOCK_MONOTONIC; 0: never */
    struct digest catalogs_rows;       /* of the rows read with them */
    char *tools;                       /* SQL that reads other tools' ledgers; NULL: not known */
    bool skips_tools;                  /* that query failed, so this read leaves it out */
    bool is_plain;                     /* the full query failed, so this read queries the ledger only */
    int64_t plain_until;               /* and so do reads that begin earlier than this */
    struct ledger_columns expected;    /* the columns that the current query was made for */
    struct ledger_result result;       /* of the answer; its columns are kept for the next query */
    bool knows_columns;                /* they are from an answer */

    struct wire_buffer in; /* received since the query */
    size_t answer, taken;  /* where the answer begins in `in`, and the end of the messages taken */
    char silent[1024];     /* error at the deadline */
    char ended[1024];      /* error if the session ends */
};

/* As in driver.h; phase and deadline are in the struct. */
enum ledger_progress ledger_connection_begin(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                             struct error *error);
enum ledger_progress ledger_connection_proceed(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                               struct error *error);
enum ledger_progress ledger_connection_expire(struct ledger_connection *connection, struct error *error);

/* Whether the answer lacks the catalogs of a large database, or their objects, because no names are
 * known. */
bool ledger_connection_waits_for_names(const struct ledger_connection *connection);

void ledger_connection_rest(struct ledger_connection *connection);
void ledger_connection_close(struct ledger_connection *connection);

#endif
