/* PostgreSQL through libpq, also behind poolers in transaction mode. */
#ifndef MIGFS_LEDGER_POSTGRES_DRIVER_H
#define MIGFS_LEDGER_POSTGRES_DRIVER_H

#include "migfs/ledger/driver.h"

/* Accepts every connection string: those that are not URLs are libpq keywords. */
extern const struct ledger_driver ledger_postgres;

/* Loads libpq, and returns whether it is there. Call before starting threads, and before giving up
 * privileges; the functions of this folder that need it do the same. */
bool ledger_postgres_load(struct error *error);

/* Forks the spawner, which forks a process for each connection and ends with this process. It calls
 * `confine` (may be NULL) to drop privileges that no connection needs. Call before starting
 * threads; otherwise the first connection created does the same, without `confine`. */
bool ledger_postgres_prepare(bool (*confine)(struct error *error), struct error *error);

/* Removes PGOPTIONS from the environment, since poolers reject it. Its search path is used for
 * databases without `options` in the connection string; its other settings are reported as ignored,
 * for the first database. Call before starting threads. */
void ledger_postgres_take_options(void);

#endif
