/* What a session is told at its beginning, as bytes. */
#ifndef MIGFS_LEDGER_POSTGRES_ORDER_H
#define MIGFS_LEDGER_POSTGRES_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/postgres/resolve.h"
#include "ledger/postgres/target.h"
#include "ledger/postgres/wire.h"

struct ledger_order {
    struct ledger_target target;
    const char *schema, *table; /* quoted as in SQL, for sentences */
    unsigned timeout_ms;
    struct ledger_lookup lookup; /* of an earlier session, to be used as it is; or empty */
};

void ledger_order_put(struct wire_buffer *buffer, const struct ledger_order *order);

/* What is taken points into the bytes. False when they are not what was put. */
bool ledger_order_take(const char *bytes, size_t length, struct ledger_order *ret_order);

/* The addresses alone, also in WIRE_ADDRESSES. */
void ledger_addresses_put(struct wire_buffer *buffer, const struct ledger_lookup *lookup);
bool ledger_addresses_take(struct wire_message *message, struct ledger_lookup *ret_lookup);

#endif
