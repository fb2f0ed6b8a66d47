/* The rules of Drizzle's runners for PostgreSQL as a table with one row each: drizzle-orm 0.x and
 * 1.0. Code that predicts, records or explains a run reads the runner's row. Pure; any thread.
 *
 * Sources: drizzle-orm 0.45.4, migrator.js and pg-core/dialect.js; drizzle-orm 1.0.0-rc.5,
 * migrator.js, migrator.utils.js and pg-core/async/session.js. tests/v1/runner_test.mjs compares
 * each column with the real runners. */
#ifndef MIGFS_DRIZZLE_RUNNER_H
#define MIGFS_DRIZZLE_RUNNER_H

#include <stdbool.h>

#include "migfs/drizzle/journal.h"
#include "migfs/ledger/ledger.h"

/* What it iterates over. */
enum runner_unit {
    RUNNER_TAKES_ENTRIES, /* of meta/_journal.json, in array order */
    RUNNER_TAKES_FOLDERS, /* with a migration.sql, in the order of localeCompare() */
};

/* Which of them it runs. */
enum runner_selection {
    RUNNER_RUNS_ABOVE_NEWEST, /* `when` above the newest created_at, read once before the first */
    RUNNER_RUNS_UNNAMED,      /* no row has the name */
};

/* The meaning of a NULL in the column by which it selects. */
enum runner_null {
    RUNNER_NULL_IS_ZERO,    /* sorts first and is 0 in JavaScript: everything runs again */
    RUNNER_NULL_IS_NO_NAME, /* the row names no migration: its migration runs again */
};

/* What it records as created_at. */
enum runner_timestamp {
    RUNNER_RECORDS_WHEN, /* the `when` of the entry */
    RUNNER_RECORDS_DATE, /* the UTC second in the name */
};

/* A row's hash is SHA-256 of the text; neither runner compares it. */
enum runner_hash {
    RUNNER_NEEDS_HASH,           /* identifies what ran; an empty one is another text's */
    RUNNER_MAY_LEAVE_HASH_EMPTY, /* bundled migrations have a name instead */
};

struct runner_rules {
    enum runner_unit unit;
    enum runner_selection selection;
    enum runner_null null;
    enum runner_timestamp timestamp;
    bool is_one_transaction; /* for the whole run; else one per migration */
    bool takes_empty_chunk;  /* a chunk without a statement is sent, and recorded as run */
    enum runner_hash hash;
};

extern const struct runner_rules runner_v0, runner_v1;

/* One item that a runner iterates over. */
struct runner_candidate {
    const struct journal_entry *entry; /* NULL: it does not use entries */
    struct text name;                  /* of the folder */
    bool is_named;                     /* a row has this name, or gets it when the ledger is upgraded */
};

/* True if the runner, with this watermark, would run it, even if PostgreSQL then rejects its
 * timestamp. */
bool runner_runs(const struct runner_rules *rules, const struct runner_candidate *candidate,
                 struct watermark watermark);

/* True if the 0.x runner, with this watermark, would run an entry with this `when`
 * (milliseconds). */
bool runner_is_above(struct watermark watermark, int64_t when);

/* True if the runner can record it after running it; otherwise the whole run is rolled back. */
bool runner_records(const struct runner_rules *rules, const struct runner_candidate *candidate);

#endif
