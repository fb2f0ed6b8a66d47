/* The addresses of a target's hosts. Only for sessions: getaddrinfo() knows no time limit. */
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
};

/* False, with the reason, where there is no address at all. */
bool ledger_lookup(const struct ledger_target *target, struct ledger_lookup *ret_lookup, struct error *error);

/* True for a Unix socket and for an address of this machine's own loopback. */
bool ledger_address_is_near(const struct ledger_address *address);

#endif
