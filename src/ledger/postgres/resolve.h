/* Resolves the hosts of a target. Only for sessions, since getaddrinfo() has no timeout. */
#ifndef MIGFS_LEDGER_POSTGRES_RESOLVE_H
#define MIGFS_LEDGER_POSTGRES_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/target.h"
#include "migfs/util/error.h"

enum { LEDGER_ADDRESS_MAXIMUM = 16 };

struct ledger_address {
    char host[256];   /* as given; for certificates, .pgpass and messages */
    char address[64]; /* numeric; empty for a socket */
    char port[16];
};

struct ledger_lookup {
    struct ledger_address addresses[LEDGER_ADDRESS_MAXIMUM];
    size_t count;
};

/* Returns false with an error if there is no address at all. */
bool ledger_lookup(const struct ledger_target *target, struct ledger_lookup *ret_lookup, struct error *error);

/* Returns whether it is a Unix socket or a loopback address. */
bool ledger_address_is_near(const struct ledger_address *address);

#endif
