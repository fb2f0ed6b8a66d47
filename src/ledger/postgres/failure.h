/* Sentences for errors between us and a server: where, what, and how to fix it. Messages of libpq
 * or the server are put on one line, with the password removed. All functions return false. */
#ifndef MIGFS_LEDGER_POSTGRES_FAILURE_H
#define MIGFS_LEDGER_POSTGRES_FAILURE_H

#include <stdbool.h>

#include "ledger/postgres/libpq.h"
#include "ledger/postgres/resolve.h"
#include "migfs/util/error.h"

/* What the sentences are about. */
struct ledger_place {
    const PGconn *pg;                     /* may be NULL or broken */
    const struct ledger_address *address; /* may be NULL before there is one */
    const char *schema, *table;           /* quoted as in SQL */
    unsigned timeout_ms;
};

enum ledger_verdict {
    LEDGER_VERDICT_NONE,
    LEDGER_VERDICT_FULL,    /* the server, or a pooler before it, has no free connection */
    LEDGER_VERDICT_REFUSED, /* login refused, so other addresses of the server would refuse, too */
};

/* A connection failed. Requires PQERRORS_VERBOSE. */
bool ledger_failure_connect(const struct ledger_place *place, enum ledger_verdict *ret_verdict, struct error *error);

/* A statement that failed. */
bool ledger_failure_query(const struct ledger_place *place, const PGresult *result, struct error *error);

/* A connection was lost while in use. */
bool ledger_failure_lost(const struct ledger_place *place, struct error *error);

bool ledger_failure_connect_timeout(const struct ledger_place *place, struct error *error);
bool ledger_failure_answer_timeout(const struct ledger_place *place, struct error *error);

/* The server sent something that is not an answer to the query, or is too long. */
bool ledger_failure_answer(const struct ledger_place *place, bool is_too_long, struct error *error);

/* The session ended before it could report an error. */
bool ledger_failure_ended(const struct ledger_place *place, struct error *error);

#endif
