/* The ledger of one database at one moment: the rows of `drizzle.__drizzle_migrations`. It knows
 * nothing about files; the join finds which migration a row belongs to.
 *
 * Immutable; any thread may read it. reader.h fetches it. */
#ifndef MIGFS_LEDGER_LEDGER_H
#define MIGFS_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

struct ledger_row {
    struct text id;   /* as printed by PostgreSQL; may be empty */
    struct text hash; /* unchanged, but cut to 1,024 bytes; empty for NULL */
    bool is_hash_null;
    bool has_created_at; /* false: NULL */
    int64_t created_at;  /* milliseconds since the epoch */
    struct text name;    /* column `name` of a v1 ledger; empty if there is none */
};

enum ledger_status {
    LEDGER_READ,
    LEDGER_FRESH,      /* the schema or table does not exist yet */
    LEDGER_UNREADABLE, /* see `reason`; the rows are those of the last successful read, if any */
};

/* What the server knows about runs that have left no row. */
struct ledger_runs {
    bool is_open;  /* another open transaction has written to the ledger */
    int64_t since; /* when it began, milliseconds since the epoch; 0: not known */
    /* by how much the id sequence is ahead of the newest row; each number is a row that was rolled
     * back or deleted. 0 while a run is open, or if the sequence may not be read */
    int64_t above;
};

struct ledger {
    struct text database;      /* its name in the view: letters, digits, `_`, `-` */
    struct text schema, table; /* of the table, also if it does not exist yet */
    enum ledger_status status;
    bool was_read;      /* rows are real: was read (or found fresh) at least once in this process */
    bool is_v1;         /* has the columns of drizzle v1 */
    struct text reason; /* LEDGER_UNREADABLE: one sentence without a password */
    struct ledger_runs runs;
    const struct ledger_row *rows; /* sorted by created_at, NULL first, then by id as a number */
    size_t count;
};

/* Copies a `struct ledger` and its rows, which may be on the stack or in an arena, and sorts the
 * rows. Returns NULL when memory has run out. */
struct ledger *ledger_create(const struct ledger *from, struct error *error);

/* Returns the same ledger marked LEDGER_UNREADABLE for this reason. `last` may be a ledger that was
 * never read. */
struct ledger *ledger_fail(const struct ledger *last, const char *reason, struct error *error);

void ledger_destroy(struct ledger *ledger); /* accepts NULL */

/* Returns whether both lead to the same view. */
bool ledger_same(const struct ledger *a, const struct ledger *b);

/* Takes ownership of `read`. Returns true, with `read` in *held, if they lead to different views. */
bool ledger_replace(struct ledger **held, struct ledger *read);

/* What the runner reads before it starts (`order by created_at desc limit 1`). */
struct watermark {
    enum {
        WATERMARK_NONE,  /* no row: everything runs */
        WATERMARK_STAMP, /* migrations above `stamp` run */
        WATERMARK_NULL,  /* NULL sorts first in descending order and counts as 0: everything reruns */
    } kind;
    int64_t stamp; /* milliseconds since the epoch; 0 for WATERMARK_NULL */
};
struct watermark ledger_watermark(const struct ledger *ledger);

#endif
