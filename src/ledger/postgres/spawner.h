/* The spawner: a process with a single thread, which forks the sessions (session.h) and ends with
 * its parent. It is forked before any thread exists; if it is killed, the first connection after
 * that forks another one, from the threads that there are by then. */
#ifndef MIGFS_LEDGER_POSTGRES_SPAWNER_H
#define MIGFS_LEDGER_POSTGRES_SPAWNER_H

#include <stdbool.h>

#include "ledger/postgres/wire.h"
#include "migfs/util/error.h"

/* See driver.h. */
void ledger_spawner_confine(bool (*confine)(struct error *error));

/* Reference-counted: each start needs one stop. One thread at a time. */
bool ledger_spawner_start(struct error *error);
void ledger_spawner_stop(void);

/* Starts a session with this order (see ledger_session_run()). Returns our end of its socket, which
 * the caller closes to end the session, or -1. */
int ledger_spawner_spawn(const struct wire_buffer *order, struct error *error);

#endif
