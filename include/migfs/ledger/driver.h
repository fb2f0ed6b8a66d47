/* What the reader needs from a kind of database server. A driver knows how to log in, what to query
 * and how to interpret the answer. It does not know when to read, what was read before, or that
 * there are other databases.
 *
 * All functions are called from the reader's thread. None may block: each does what can be done
 * immediately. A connection adds the descriptors that it waits for to the reader's epoll set, under
 * its own number. */
#ifndef MIGFS_LEDGER_DRIVER_H
#define MIGFS_LEDGER_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/ledger/catalog.h"
#include "migfs/ledger/ledger.h"
#include "migfs/util/digest.h"
#include "migfs/util/error.h"

/* The connection to one database; each driver has its own. */
struct ledger_connection;

enum ledger_phase {
    LEDGER_PHASE_CLOSED,     /* uses no connection of the server */
    LEDGER_PHASE_KEPT,       /* connected and idle */
    LEDGER_PHASE_CONNECTING, /* from here on it waits for the server, up to the deadline */
    LEDGER_PHASE_ASKING,
};

enum ledger_progress {
    LEDGER_PROGRESS_NONE,     /* waits for its descriptors or its deadline, or is idle */
    LEDGER_PROGRESS_ANSWERED, /* answer() returns it, until rest() or close() */
    LEDGER_PROGRESS_FAILED,   /* the error has the reason */
};

/* The state of a connection after a call. */
struct ledger_turn {
    enum ledger_progress progress;
    enum ledger_phase phase;
    int64_t deadline; /* ms of CLOCK_MONOTONIC; while waiting for the server */
    bool is_full;     /* LEDGER_PROGRESS_FAILED: the server or its pooler has no free connection */
};

/* What a large database is asked for. */
struct ledger_names {
    /* Returns the names as they are now, which stay the callee's, or NULL while they are not known;
     * until then, no catalogs of a large database are read. Called for large databases only, at
     * each read and each answer. NULL: never known, and of large databases no objects are read. */
    struct catalog_names *(*get)(void *context);
    void *context;
};

/* Passed to create(); valid as long as the connection. */
struct ledger_driver_options {
    const char *schema, *table;
    unsigned timeout_ms; /* for connecting, and again for the answer */
    bool keeps_near;     /* also keep a local connection between reads; for tests without a network */
    /* when the rows have changed, after refresh_catalogs(), and every catalogs_ms */
    bool reads_catalogs;
    unsigned catalogs_ms;
    struct ledger_names names;
    int epoll;      /* for the descriptors of this connection */
    uint64_t event; /* their number in it */
};

/* The maximum number of connections of the server, and how many are open. */
struct ledger_server_places {
    size_t offered, taken; /* 0: not known */
};

struct ledger_answer {
    struct digest digest;  /* changes when the data read does */
    struct ledger *ledger; /* owned by the caller; NULL if the digest equals the one given */
    struct ledger_server_places places;
    struct catalog *catalog; /* read in the same snapshot, owned by the caller; NULL if not read */
    bool is_catalog_old;     /* not read, although the rows differ from those of the last one */
    bool waits_for_names;    /* not read or without objects, since it is large and no names are known */
};

struct ledger_driver {
    const char *name;

    /* Returns whether the connection string is for this driver. The first driver that returns true
     * is used. */
    bool (*takes)(const char *conninfo);

    /* Creates a connection without connecting. Copies what it needs of `conninfo`, and wipes it
     * when destroyed. Calls `dropped` (may be NULL) at most once, with the names of ignored
     * parameters. The error repeats no part of the conninfo. Call before starting threads, since it
     * may use the environment. */
    struct ledger_connection *(*create)(const struct ledger_driver_options *options, const char *conninfo,
                                        void (*dropped)(void *context, const char *names), void *context,
                                        struct error *error);

    /* Returns whether both connections of this driver go to the same server, and thus share its
     * limit. */
    bool (*is_same_server)(const struct ledger_connection *a, const struct ledger_connection *b);

    /* Makes the next read include the catalogs. NULL: the driver reads none. */
    void (*refresh_catalogs)(struct ledger_connection *connection);

    /* Begins a read. Call only if none is in progress. */
    struct ledger_turn (*begin)(struct ledger_connection *connection, bool asks_for_places, int64_t now,
                                struct error *error);

    /* One of its descriptors is ready. Also called on an idle connection. */
    struct ledger_turn (*proceed)(struct ledger_connection *connection, int64_t now, struct error *error);

    /* Its deadline has passed. */
    struct ledger_turn (*expire)(struct ledger_connection *connection, int64_t now, struct error *error);

    /* Returns the answer; call only after LEDGER_PROGRESS_ANSWERED. Names are taken from `before`,
     * the ledger so far; `last` is the digest of the previous answer, or NULL. Returns false with
     * an error if the answer is not a valid ledger. */
    bool (*answer)(struct ledger_connection *connection, const struct ledger *before, const struct digest *last,
                   struct ledger_answer *ret_answer, struct error *error);

    /* Releases the answer. Returns LEDGER_PHASE_KEPT, or LEDGER_PHASE_CLOSED if the connection was
     * not kept. */
    enum ledger_phase (*rest)(struct ledger_connection *connection);

    /* Closes the connection in any phase; a later begin() connects again. */
    void (*close)(struct ledger_connection *connection);

    void (*destroy)(struct ledger_connection *connection); /* accepts NULL */
};

#endif
