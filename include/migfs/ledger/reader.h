/* Reads the ledgers of all configured databases concurrently, with a driver for each kind of server
 * (driver.h).
 *
 * A reader belongs to one thread. It does not block, and every wait has a timeout. */
#ifndef MIGFS_LEDGER_READER_H
#define MIGFS_LEDGER_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/ledger/driver.h"
#include "migfs/ledger/ledger.h"
#include "migfs/util/error.h"

struct ledger_reader;

struct ledger_reader_options {
    const struct ledger_driver *const *drivers; /* NULL-terminated; must outlive the reader */
    const char *schema;                         /* "drizzle" */
    const char *table;                          /* "__drizzle_migrations" */
    unsigned timeout_ms;                        /* for connecting, and again for the answer */
    unsigned poll_ms;                           /* between the end of one read and the start of the next */
    bool keeps_near;                            /* see driver.h */
    bool reads_catalogs;                        /* also read the catalogs of each database */
    struct ledger_names names;                  /* see driver.h */
    unsigned connections; /* most at once, for all databases; 0: as many as each server can spare */
};

/* A database as the user named it. Everything is copied; the conninfo is wiped with the reader. */
struct ledger_reader_database {
    const char *name;           /* in the view */
    const char *conninfo;       /* accepted by one of the drivers */
    const char *schema, *table; /* of its ledger; NULL: as in the options */
};

/* Creates a reader without connecting. An invalid conninfo is an error that names the database and
 * repeats no part of the conninfo. `notice` (may be NULL) is called during this call with messages,
 * such as the ignored parameters of a URL. */
struct ledger_reader *ledger_reader_create(const struct ledger_reader_options *options,
                                           const struct ledger_reader_database *databases, size_t count,
                                           void (*notice)(void *context, const char *sentence), void *context,
                                           struct error *error);
void ledger_reader_destroy(struct ledger_reader *reader); /* accepts NULL */

/* Requests a read of every database, with its catalogs, that begins now rather than at the next
 * poll. Each database is read at most ten times a second, so requests may share a read. Returns a
 * number for ledger_reader_has_read(). */
uint64_t ledger_reader_request(struct ledger_reader *reader);

/* The same only for databases whose catalogs are read by name, and were not read for all the names
 * that the options give now. Call it after every change of the names. Returns the newest number of
 * a request that such a database waits for, or 0. */
uint64_t ledger_reader_request_names(struct ledger_reader *reader);

/* Returns whether every database that the request concerns has answered or failed in a read that
 * began after it. */
bool ledger_reader_has_read(const struct ledger_reader *reader, uint64_t request);

/* The descriptor to wait for (readable: call ledger_reader_step()), and the longest time to wait,
 * in ms (-1: no limit). */
int ledger_reader_descriptor(const struct ledger_reader *reader);
int ledger_reader_wait_ms(const struct ledger_reader *reader);

/* Does everything that is possible without waiting. Returns true if the ledger or the catalogs of
 * some database have changed. */
bool ledger_reader_step(struct ledger_reader *reader);

size_t ledger_reader_count(const struct ledger_reader *reader);

/* Returns the current ledger of database `index`, in the order given. It belongs to the reader and
 * is valid until the next step. Before the first answer it is LEDGER_UNREADABLE, "has not answered
 * yet". */
struct ledger *ledger_reader_ledger(const struct ledger_reader *reader, size_t index);

/* Returns the catalogs of database `index` when last read, or NULL if not read yet. They belong to
 * the reader and are valid until the next step. */
struct catalog *ledger_reader_catalog(const struct ledger_reader *reader, size_t index);

#endif
