/* The question for runs that have left no row: is one in progress, and was one rolled back? */
#ifndef MIGFS_LEDGER_POSTGRES_RUNS_QUERY_H
#define MIGFS_LEDGER_POSTGRES_RUNS_QUERY_H

#include <stdbool.h>

#include "migfs/ledger/ledger.h"

/* One transaction, to stand in front of the ledger's own, malloc'ed; NULL when memory has run out. `literal` is the table's name for to_regclass(). */
char *runs_query_text(const char *literal, unsigned statement_ms, unsigned lock_ms);

/* Takes the messages that answer it, to the end of the transaction, from [*at, end). False where they are not exactly that. Of the runs, `above`
 * is the sequence's last value until runs_query_judge(). */
bool runs_query_take(const char **at, const char *end, struct ledger_runs *ret_runs);

/* Makes `above` what it is to be, by the rows that were read after it. */
void runs_query_judge(struct ledger_runs *runs, const struct ledger *ledger);

#endif
