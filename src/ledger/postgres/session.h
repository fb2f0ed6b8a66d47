/* One connection to a server, in a separate process that isolates libpq from the rest. A server
 * that requires two billion rounds of password hashing, never stops sending, or returns endless
 * results blocks only this process, whose memory and received bytes are limited. Closing the other
 * end of its socket ends it immediately, whatever it is doing. */
#ifndef MIGFS_LEDGER_POSTGRES_SESSION_H
#define MIGFS_LEDGER_POSTGRES_SESSION_H

#include <stddef.h>

/* `order` is as in order.h. Waits for queries and answers them (wire.h) until the other end is
 * closed. */
void ledger_session_run(int control, const char *order, size_t length);

#endif
