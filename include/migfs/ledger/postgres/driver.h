/* PostgreSQL by libpq, also through poolers in transaction mode. */
#ifndef MIGFS_LEDGER_POSTGRES_DRIVER_H
#define MIGFS_LEDGER_POSTGRES_DRIVER_H

#include "migfs/ledger/driver.h"

/* Takes every connection string: what is no URL are libpq's keywords. */
extern const struct ledger_driver ledger_postgres;

/* Forks the process that begins those which speak with servers, for as long as this one lives. `confine` (may be NULL) is called there, to
 * give up what none of them needs. Before the first thread; without it, the first connection that is created does the same, without
 * `confine`. */
bool ledger_postgres_prepare(bool (*confine)(struct error *error), struct error *error);

#endif
