/* PostgreSQL by libpq, also through poolers in transaction mode. */
#ifndef MIGFS_LEDGER_POSTGRES_DRIVER_H
#define MIGFS_LEDGER_POSTGRES_DRIVER_H

#include "migfs/ledger/driver.h"

/* Takes every connection string: what is no URL are libpq's keywords. */
extern const struct ledger_driver ledger_postgres;

#endif
