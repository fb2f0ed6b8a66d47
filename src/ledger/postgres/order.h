/* The parameters of a session, as bytes. */
#ifndef MIGFS_LEDGER_POSTGRES_ORDER_H
#define MIGFS_LEDGER_POSTGRES_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/resolve.h"
#include "ledger/postgres/target.h"
#include "ledger/postgres/wire.h"

struct ledger_order {
    struct ledger_target target;
    const char *schema, *table; /* quoted as in SQL, for messages */
    unsigned timeout_ms;
    struct ledger_lookup lookup; /* addresses resolved by an earlier session, or empty */
};

void ledger_order_put(struct wire_buffer *buffer, const struct ledger_order *order);

/* The result points into the bytes. Returns false if they are not a valid order. */
bool ledger_order_take(const char *bytes, size_t length, struct ledger_order *ret_order);

/* Only the addresses, also for WIRE_ADDRESSES. */
void ledger_addresses_put(struct wire_buffer *buffer, const struct ledger_lookup *lookup);
bool ledger_addresses_take(struct wire_message *message, struct ledger_lookup *ret_lookup);

#endif
