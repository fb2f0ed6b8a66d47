/* The ledger of one database as it was at one moment: the rows of `drizzle.__drizzle_migrations`. It knows nothing of files;
 * what a row belongs to is found by the join.
 *
 * Immutable; any thread may read it. How it is fetched is ledger_reader.h's business. */
#ifndef MIGFS_LEDGER_LEDGER_H
#define MIGFS_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

struct ledger_row {
    struct text id;   /* as printed by PostgreSQL; may be empty */
    struct text hash; /* as it stands, cut to 1,024 bytes; empty for NULL */
    bool is_hash_null;
    bool has_created_at; /* false: NULL */
    int64_t created_at;  /* milliseconds since the epoch */
    struct text name;    /* column `name` of a v1 ledger; empty where there is none */
};

enum ledger_status {
    LEDGER_READ,
    LEDGER_FRESH,      /* the database has no such schema or table yet */
    LEDGER_UNREADABLE, /* see `reason`; the rows are those last read, if any */
};

/* What the server says of runs that have left no row. */
struct ledger_runs {
    bool is_open;  /* another transaction has written to the ledger, and has not ended */
    int64_t since; /* when it began, milliseconds since the epoch; 0: not known */
    int64_t
        above; /* by how much the sequence of the ids stands above the newest: each a row that was rolled back, or deleted.
                    * 0 while a run is open, or where it may not be read */
};

struct ledger {
    struct text database;      /* its name in the view: letters, digits, `_`, `-` */
    struct text schema, table; /* where it is, or would be, in the database */
    enum ledger_status status;
    bool was_read;      /* the rows are real: it has been read (or found fresh) at least once in this process */
    bool is_v1;         /* it has the columns of drizzle v1 */
    struct text reason; /* LEDGER_UNREADABLE: one sentence, no password in it */
    struct ledger_runs runs;
    const struct ledger_row *rows; /* by created_at, NULL first, then by id as a number */
    size_t count;
};

/* For building one: fill a `struct ledger` and its rows on the stack or in an arena and have them copied. The rows are put
 * into order. NULL when memory has run out. */
struct ledger *ledger_create(const struct ledger *from, struct error *error);

/* The same ledger marked LEDGER_UNREADABLE for this reason. `last` may be a ledger that was never read. */
struct ledger *ledger_fail(const struct ledger *last, const char *reason, struct error *error);

void ledger_destroy(struct ledger *ledger); /* takes NULL */

/* True when a view made from one is a view made from the other. */
bool ledger_same(const struct ledger *a, const struct ledger *b);

/* What the runner reads before it starts (`order by created_at desc limit 1`): */
struct watermark {
    enum {
        WATERMARK_NONE,  /* no row: everything runs */
        WATERMARK_STAMP, /* runs what is above `stamp` */
        WATERMARK_NULL, /* a row with a NULL created_at stands first in descending order and counts as 0: all run again */
    } kind;
    int64_t stamp; /* milliseconds since the epoch; 0 for WATERMARK_NULL */
};
struct watermark ledger_watermark(const struct ledger *ledger);

/* True when the runner, finding this watermark, would run an entry with this `when`. */
bool watermark_lets_run(struct watermark watermark, int64_t when);

#endif
