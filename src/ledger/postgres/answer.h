/* What a server answers to one question, result by result, handed on as messages. Only forms are judged here: no COPY, no binary columns, no
 * more results, rows and bytes than any answer of a ledger has. What they mean is query.h's business. */
#ifndef MIGFS_LEDGER_POSTGRES_ANSWER_H
#define MIGFS_LEDGER_POSTGRES_ANSWER_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/wire.h"

enum {
    ANSWER_BYTES_MAXIMUM = 24 << 20,
    ANSWER_ROWS_MAXIMUM = 400000, /* of all results together: a ledger and the catalogs */
    ANSWER_RESULTS_MAXIMUM = 32,
};

enum answer_end {
    ANSWER_GOES_ON,
    ANSWER_WHOLE,
    ANSWER_LOST,     /* the connection broke */
    ANSWER_TOO_LONG, /* more than the limits above */
    ANSWER_IS_NONE,  /* something that is not an answer to a question */
};

struct answer {
    struct wire_buffer *out;
    PGresult *failed; /* the first error that the server answered with; freed by answer_finish() */
    size_t bytes, rows, results;
    bool has_columns; /* of the result that goes on */
};

/* Has libpq read what has arrived, and counts it. ANSWER_GOES_ON, ANSWER_LOST or ANSWER_TOO_LONG. */
enum answer_end answer_read(struct answer *answer, PGconn *pg);

/* Takes over the result, and puts it into `out`. */
enum answer_end answer_take(struct answer *answer, PGresult *result);

void answer_finish(struct answer *answer);

#endif
