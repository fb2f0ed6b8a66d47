/* Reads the ledgers of all configured databases, all at once, through a driver for each kind of server (driver.h).
 *
 * A reader belongs to one thread. It does not block, and every wait has an end. */
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
    const struct ledger_driver *const *drivers; /* NULL-terminated; they live as long as the reader */
    const char *schema;                         /* "drizzle" */
    const char *table;                          /* "__drizzle_migrations" */
    unsigned timeout_ms;                        /* longest wait for a database to connect or to answer */
    unsigned poll_ms;                           /* between the end of one read and the start of the next */
    bool keeps_near;                            /* see driver.h */
    bool reads_catalogs;                        /* of each database: what is there, besides what was recorded */
    unsigned connections; /* at most this many at once, over all databases; 0: what each server can spare */
};

/* A database as the user named it. All is copied; the conninfo is wiped when the reader goes. */
struct ledger_reader_database {
    const char *name;           /* in the view */
    const char *conninfo;       /* what one of the drivers takes */
    const char *schema, *table; /* of its ledger; NULL: as in the options */
};

/* Does not connect yet. A conninfo that cannot be understood is an error that names the database and repeats none of the
 * conninfo. `notice` (may be NULL) is called during this call with sentences such as: which parameters of a URL were left out. */
struct ledger_reader *ledger_reader_create(const struct ledger_reader_options *options,
                                           const struct ledger_reader_database *databases, size_t count,
                                           void (*notice)(void *context, const char *sentence), void *context,
                                           struct error *error);
void ledger_reader_destroy(struct ledger_reader *reader); /* takes NULL */

/* Asks for a read of every database, its catalogs too, that begins after this call, now rather than at its time; but of each there are at most ten a
 * second, which requests share. Returns a number for ledger_reader_has_read(). */
uint64_t ledger_reader_request(struct ledger_reader *reader);

/* True when every database has answered or failed in a read that began after the request with this number. */
bool ledger_reader_has_read(const struct ledger_reader *reader, uint64_t request);

/* The descriptor to wait on (readable: call ledger_reader_step), and how long to wait at most, in ms (-1: no limit). */
int ledger_reader_descriptor(const struct ledger_reader *reader);
int ledger_reader_wait_ms(const struct ledger_reader *reader);

/* Does all that can be done now without waiting. Returns true when the ledger or the catalogs of some database have changed. */
bool ledger_reader_step(struct ledger_reader *reader);

size_t ledger_reader_count(const struct ledger_reader *reader);

/* The current ledger of database `index`, in the order given; the reader's, until the next step. Before the first answer it is
 * LEDGER_UNREADABLE, "has not answered yet". */
struct ledger *ledger_reader_ledger(const struct ledger_reader *reader, size_t index);

/* What the catalogs of database `index` held when they were last read, the reader's, until the next step; NULL: not read yet. */
struct catalog *ledger_reader_catalog(const struct ledger_reader *reader, size_t index);

#endif
