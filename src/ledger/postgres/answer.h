/* The server's answer to one query, passed on as messages, result by result. Only its form is
 * checked: no COPY, no binary columns, and no more results, rows and bytes than a ledger can have.
 * query.h interprets it. */
#ifndef MIGFS_LEDGER_POSTGRES_ANSWER_H
#define MIGFS_LEDGER_POSTGRES_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/libpq.h"
#include "ledger/postgres/wire.h"

enum {
    ANSWER_BYTES_MAXIMUM = 24 << 20,
    ANSWER_ROWS_MAXIMUM = 400000, /* for all results: a ledger and the catalogs */
    ANSWER_RESULTS_MAXIMUM = 32,
};

enum answer_end {
    ANSWER_GOES_ON,
    ANSWER_WHOLE,
    ANSWER_LOST,     /* the connection broke */
    ANSWER_TOO_LONG, /* more than the limits above */
    ANSWER_IS_NONE,  /* not an answer to a query */
};

struct answer {
    struct wire_buffer *out;
    PGresult *failed; /* the first error of the server; freed by answer_finish() */
    size_t bytes, rows, results;
    bool has_columns; /* of the current result */
};

/* Makes libpq read the bytes that have arrived, and counts them. Returns ANSWER_GOES_ON,
 * ANSWER_LOST or ANSWER_TOO_LONG. */
enum answer_end answer_read(struct answer *answer, PGconn *pg);

/* Takes ownership of the result and adds it to `out`. */
enum answer_end answer_take(struct answer *answer, PGresult *result);

void answer_finish(struct answer *answer);

#endif
