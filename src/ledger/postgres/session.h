/* One connection to a server, in a process of its own: what the server does to libpq, it does there. A server that asks for two thousand
 * million rounds of a password's hash, never falls silent, or has answers without end holds up this process alone, and its memory
 * and its bytes are limited. Closing the other end of its socket ends it at once, in whatever it is. */
#ifndef MIGFS_LEDGER_POSTGRES_SESSION_H
#define MIGFS_LEDGER_POSTGRES_SESSION_H

#include <stddef.h>

/* `order` as of order.h. Waits for questions and answers them (wire.h) until the other end is closed. */
void ledger_session_run(int control, const char *order, size_t length);

#endif
