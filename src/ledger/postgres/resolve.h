/* Looks up the addresses of a target's hosts on a thread of its own, because getaddrinfo() knows no time limit. A look-up that
 * nobody waits for any more ends by itself and frees what it holds. */
#ifndef MIGFS_LEDGER_POSTGRES_RESOLVE_H
#define MIGFS_LEDGER_POSTGRES_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/target.h"
#include "migfs/util/error.h"

enum { LEDGER_ADDRESS_MAXIMUM = 16 };

struct ledger_address {
    char host[256];   /* as given; for certificates, .pgpass and sentences */
    char address[64]; /* numeric; empty for a socket */
    char port[16];
};

struct ledger_lookup {
    struct ledger_address addresses[LEDGER_ADDRESS_MAXIMUM];
    size_t count;
    struct error error; /* why, when count is 0 */
};

/* Begins; where nothing needs looking up it has ended when this returns, and no thread was begun. */
struct ledger_lookup *ledger_lookup_begin(const struct ledger_target *target, struct error *error);

/* Readable from the moment in which it ends; below 0 when it is not needed. */
int ledger_lookup_descriptor(const struct ledger_lookup *lookup);

/* Closes the descriptor of one that has ended: its addresses are kept for longer. */
void ledger_lookup_close_descriptor(struct ledger_lookup *lookup);

/* Once true, the fields above may be read. */
bool ledger_lookup_has_ended(const struct ledger_lookup *lookup);

void ledger_lookup_release(struct ledger_lookup *lookup); /* takes NULL */

#endif
