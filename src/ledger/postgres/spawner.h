/* The process that begins sessions (session.h). It is forked once, before any thread, so that each session can be forked from a process
 * that has only one; it ends with the process that it was forked from. */
#ifndef MIGFS_LEDGER_POSTGRES_SPAWNER_H
#define MIGFS_LEDGER_POSTGRES_SPAWNER_H

#include <stdbool.h>

#include "ledger/postgres/wire.h"
#include "migfs/util/error.h"

/* See driver.h. */
void ledger_spawner_confine(bool (*confine)(struct error *error));

/* Counted: each start needs one stop. From one thread at a time. */
bool ledger_spawner_start(struct error *error);
void ledger_spawner_stop(void);

/* Begins a session with this order (see ledger_session_run()). Returns our end of its socket, which the caller closes to end it, or -1. */
int ledger_spawner_spawn(const struct wire_buffer *order, struct error *error);

#endif
