/* What the reader asks of one kind of database server. A driver knows how to log in, what to ask and what an answer means; it does
 * not know when to read, what was read before, or that there are other databases.
 *
 * All functions are called from the reader's thread. None may block: each does what can be done now. A connection puts the
 * descriptors that it waits for into the reader's epoll set, under its own number. */
#ifndef MIGFS_LEDGER_DRIVER_H
#define MIGFS_LEDGER_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/ledger/catalog.h"
#include "migfs/ledger/ledger.h"
#include "migfs/util/digest.h"
#include "migfs/util/error.h"

/* One database's way from nothing to an answer; each driver has its own. */
struct ledger_connection;

enum ledger_phase {
    LEDGER_PHASE_CLOSED,     /* holds no place of the server */
    LEDGER_PHASE_KEPT,       /* connected, and asked nothing */
    LEDGER_PHASE_CONNECTING, /* from here on an answer is awaited, until the deadline at most */
    LEDGER_PHASE_ASKING,
};

enum ledger_progress {
    LEDGER_PROGRESS_NONE,     /* it waits: for its descriptors, until its deadline; or for nothing at all */
    LEDGER_PROGRESS_ANSWERED, /* answer() has it, until rest() or close() */
    LEDGER_PROGRESS_FAILED,   /* the error says why */
};

/* How a connection stands after it was given something to do. */
struct ledger_turn {
    enum ledger_progress progress;
    enum ledger_phase phase;
    int64_t deadline; /* ms of CLOCK_MONOTONIC; while an answer is awaited */
    bool is_full;     /* LEDGER_PROGRESS_FAILED: the server, or a pooler before it, had no place for one more */
};

/* Given once to each connection; it lives as long. */
struct ledger_driver_options {
    const char *schema, *table;
    unsigned timeout_ms; /* to connect, and again to answer */
    bool keeps_near; /* also a connection to a server of this machine outlives a read; for tests without a network */
    bool
        reads_catalogs; /* where an answer's rows differ from those before, where refresh_catalogs() says so, every 30 s */
    int epoll;          /* for the descriptors of this connection… */
    uint64_t event;     /* …under this number */
};

/* How many connections the server takes at most, and how many there are. */
struct ledger_server_places {
    size_t offered, taken; /* 0: not known */
};

struct ledger_answer {
    struct digest digest;  /* changes when what was read does */
    struct ledger *ledger; /* the caller's; NULL where the digest is the one given */
    struct ledger_server_places places;
    struct catalog *catalog; /* of the same moment, the caller's; NULL where it was not read */
};

struct ledger_driver {
    const char *name;

    /* True for the connection strings that are this driver's. Of several drivers the first one takes it. */
    bool (*takes)(const char *conninfo);

    /* Does not connect. Copies what it needs of `conninfo`, and wipes it at the end. Calls `dropped` (may be NULL) at most once, with
     * the names of parameters that are left out. The error repeats nothing of the conninfo. Before any other thread: it may
     * use the environment. */
    struct ledger_connection *(*create)(const struct ledger_driver_options *options, const char *conninfo,
                                        void (*dropped)(void *context, const char *names), void *context,
                                        struct error *error);

    /* True when both, of this driver, go to the same server: they share its places. */
    bool (*is_same_server)(const struct ledger_connection *a, const struct ledger_connection *b);

    /* The next read reads the catalogs, too. NULL: the driver reads none. */
    void (*refresh_catalogs)(struct ledger_connection *connection);

    /* Begins a read; only where none is under way. */
    struct ledger_turn (*begin)(struct ledger_connection *connection, bool asks_for_places, int64_t now,
                                struct error *error);

    /* One of its descriptors is ready. Also called where nothing is awaited. */
    struct ledger_turn (*proceed)(struct ledger_connection *connection, int64_t now, struct error *error);

    /* Its deadline has passed. */
    struct ledger_turn (*expire)(struct ledger_connection *connection, int64_t now, struct error *error);

    /* Only after LEDGER_PROGRESS_ANSWERED. Names are taken from `before`, the ledger that stands until then; `last` is the digest of the
     * answer before, or NULL. False when no ledger can be made of it: the error says why. */
    bool (*answer)(struct ledger_connection *connection, const struct ledger *before, const struct digest *last,
                   struct ledger_answer *ret_answer, struct error *error);

    /* Lets go of the answer. Returns LEDGER_PHASE_KEPT, or LEDGER_PHASE_CLOSED where there was no connection to keep. */
    enum ledger_phase (*rest)(struct ledger_connection *connection);

    /* Lets go of the connection, whatever it does; a later begin() makes a new one. */
    void (*close)(struct ledger_connection *connection);

    void (*destroy)(struct ledger_connection *connection); /* takes NULL */
};

#endif
