/* The query for runs that have left no row: whether one is in progress, and whether one was rolled
 * back. */
#ifndef MIGFS_LEDGER_POSTGRES_RUNS_QUERY_H
#define MIGFS_LEDGER_POSTGRES_RUNS_QUERY_H

#include <stdbool.h>

#include "migfs/ledger/ledger.h"

/* Returns one transaction to put before the ledger's own, malloc'ed; NULL when memory has run out.
 * `literal` is the table's name for to_regclass(). */
char *runs_query_text(const char *literal, unsigned statement_ms, unsigned lock_ms);

/* Takes the messages of its answer, up to the end of the transaction, from [*at, end). Returns
 * false if they do not have exactly the expected form. `above` is the sequence's last value until
 * runs_query_judge() is called. */
bool runs_query_take(const char **at, const char *end, struct ledger_runs *ret_runs);

/* Computes `above` from the rows that were read after it. */
void runs_query_judge(struct ledger_runs *runs, const struct ledger *ledger);

#endif
