/* The parts are written and read in a fixed order. */
#include "ledger/postgres/order.h"

#include <stdio.h>
#include <stdlib.h>

void ledger_addresses_put(struct wire_buffer *buffer, const struct ledger_lookup *lookup) {
    wire_put_number(buffer, (uint32_t)lookup->count);
    for (size_t i = 0; i < lookup->count; i++) {
        wire_put_string(buffer, lookup->addresses[i].host);
        wire_put_string(buffer, lookup->addresses[i].address);
        wire_put_string(buffer, lookup->addresses[i].port);
    }
}

bool ledger_addresses_take(struct wire_message *message, struct ledger_lookup *ret_lookup) {
    uint32_t count;
    if (!wire_take_number(message, &count) || count > LEDGER_ADDRESS_MAXIMUM) {
        return false;
    }
    for (ret_lookup->count = 0; ret_lookup->count < count; ret_lookup->count++) {
        struct ledger_address *address = &ret_lookup->addresses[ret_lookup->count];
        const char *host, *number, *port;
        if (!wire_take_string(message, &host) || !wire_take_string(message, &number) ||
            !wire_take_string(message, &port)) {
            return false;
        }
        snprintf(address->host, sizeof(address->host), "%s", host);
        snprintf(address->address, sizeof(address->address), "%s", number);
        snprintf(address->port, sizeof(address->port), "%s", port);
    }
    return true;
}

static void put_target(struct wire_buffer *buffer, const struct ledger_target *target) {
    wire_put_number(buffer, (uint32_t)target->host_count);
    for (size_t i = 0; i < target->host_count; i++) {
        const struct ledger_host *host = &target->hosts[i];
        wire_put_string(buffer, host->host);
        wire_put_string(buffer, host->address ? host->address : "");
        wire_put_string(buffer, host->port);
        wire_put_number(buffer, host->is_local);
    }
    wire_put_number(buffer, (uint32_t)target->count);
    for (size_t i = 0; i < target->count; i++) {
        wire_put_string(buffer, target->keywords[i]);
        wire_put_string(buffer, target->values[i]);
    }
}

/* The target lives as long as the session's process, so it is never freed. */
static bool take_target(struct wire_message *message, struct ledger_target *target) {
    uint32_t host_count, count, is_local;
    if (!wire_take_number(message, &host_count) || !(target->hosts = calloc(host_count + 1, sizeof(*target->hosts)))) {
        return false;
    }
    for (; target->host_count < host_count; target->host_count++) {
        struct ledger_host *host = &target->hosts[target->host_count];
        const char *name, *address, *port;
        if (!wire_take_string(message, &name) || !wire_take_string(message, &address) ||
            !wire_take_string(message, &port) || !wire_take_number(message, &is_local)) {
            return false;
        }
        *host = (struct ledger_host){(char *)name, *address ? (char *)address : NULL, (char *)port, is_local != 0};
    }
    if (!wire_take_number(message, &count) || !(target->keywords = calloc(count + 1, sizeof(char *))) ||
        !(target->values = calloc(count + 1, sizeof(char *)))) {
        return false;
    }
    for (; target->count < count; target->count++) {
        const char *keyword, *value;
        if (!wire_take_string(message, &keyword) || !wire_take_string(message, &value)) {
            return false;
        }
        target->keywords[target->count] = (char *)keyword;
        target->values[target->count] = (char *)value;
    }
    return true;
}

void ledger_order_put(struct wire_buffer *buffer, const struct ledger_order *order) {
    wire_put_number(buffer, order->timeout_ms);
    wire_put_string(buffer, order->schema);
    wire_put_string(buffer, order->table);
    put_target(buffer, &order->target);
    ledger_addresses_put(buffer, &order->lookup);
}

bool ledger_order_take(const char *bytes, size_t length, struct ledger_order *ret_order) {
    struct wire_message message = {.at = bytes, .end = bytes + length};
    *ret_order = (struct ledger_order){0};
    return wire_take_number(&message, &ret_order->timeout_ms) && wire_take_string(&message, &ret_order->schema) &&
           wire_take_string(&message, &ret_order->table) && take_target(&message, &ret_order->target) &&
           ledger_addresses_take(&message, &ret_order->lookup);
}
