/* One database: what was last read from it, what it is still to be read for, and when. Knows no
 * other databases, and not how many may be connected: that is the reader's matter. */
#ifndef MIGFS_LEDGER_DATABASE_H
#define MIGFS_LEDGER_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/places.h"
#include "migfs/ledger/driver.h"
#include "migfs/ledger/ledger.h"
#include "migfs/util/error.h"

struct ledger_database {
    const struct ledger_driver *driver;
    struct ledger_connection *connection;
    enum ledger_phase phase; /* of the connection */
    int64_t deadline;        /* ms of CLOCK_MONOTONIC; while waiting for the server */

    struct ledger *ledger;   /* as last reported */
    struct catalog *catalog; /* as last read, or NULL */
    struct digest digest;    /* of the answer that `ledger` was made from */
    bool has_digest;
    bool waits_for_names; /* as in that answer */
    bool lacks_names;     /* and was requested to be read because of that */

    int64_t due, begun_at; /* ms of CLOCK_MONOTONIC; beginning of the next read, and of the last one */
    unsigned pause_ms;     /* after the last failure; 0 after an answer */
    uint64_t requested;    /* the newest request that concerns it */
    uint64_t begun;        /* the newest of all requests when the current or last read began */
    uint64_t answered;     /* every request up to this one is fulfilled */

    /* Of the reader: */
    struct ledger_server *server;
    struct ledger_held held; /* as counted in the places */
    int64_t full;            /* since when its server is full; 0: it is not */
    size_t came;             /* `came` of its server when that read began */
    bool is_costly;          /* that read: it logs in, or was requested and includes the catalogs */
};

struct ledger_database_options {
    const char *name, *conninfo;
    const struct ledger_driver *const *drivers; /* NULL-terminated */
    struct ledger_driver_options driver;
    void (*notice)(void *context, const char *sentence); /* see reader.h; may be NULL */
    void *context;
};

/* Connects to nothing yet. The error repeats no part of the conninfo. After an error, call
 * ledger_database_finish() all the same. */
bool ledger_database_init(struct ledger_database *database, const struct ledger_database_options *options,
                          struct error *error);
void ledger_database_finish(struct ledger_database *database);

/* The next read includes the catalogs, and begins as soon as it may. */
void ledger_database_request(struct ledger_database *database, uint64_t request, int64_t now);

/* Whether a request that concerns it is not part of the current or last read. */
bool ledger_database_is_requested(const struct ledger_database *database);

/* Whether the request is fulfilled, or does not concern it. */
bool ledger_database_has_read(const struct ledger_database *database, uint64_t request);

/* Whether its catalogs are read by name, and were not read for all of these names (NULL: not
 * known). */
bool ledger_database_lacks(const struct ledger_database *database, const struct ledger_names *names);

/* Begins a read. `requested` is the newest request of all. */
struct ledger_turn ledger_database_begin(struct ledger_database *database, bool asks_for_places, uint64_t requested,
                                         int64_t now, struct error *error);

/* Takes the driver's answer, or, if `is_answered` is false or the answer is no ledger, the failure
 * in `error`; plans the next read. Returns true for an answer. */
bool ledger_database_conclude(struct ledger_database *database, bool is_answered, unsigned poll_ms, int64_t now,
                              struct ledger_server_places *ret_places, bool *ret_changed, struct error *error);

#endif
