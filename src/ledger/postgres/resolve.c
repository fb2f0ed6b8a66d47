/* Resolves names with getaddrinfo() and keeps the order of its results. Knows hosts and addresses,
 * not databases. */
#include "ledger/postgres/resolve.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void add(struct ledger_lookup *lookup, const struct ledger_host *host, const char *address) {
    if (lookup->count < LEDGER_ADDRESS_MAXIMUM) {
        struct ledger_address *added = &lookup->addresses[lookup->count++];
        snprintf(added->host, sizeof(added->host), "%s", host->host);
        snprintf(added->address, sizeof(added->address), "%s", address);
        snprintf(added->port, sizeof(added->port), "%s", host->port);
    }
}

static void look_up(struct ledger_lookup *lookup, const struct ledger_host *host, struct error *error) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int code = getaddrinfo(host->host, NULL, &hints, &found);
    if (code != 0) {
        error_set(error, ERROR_DATABASE,
                  "the host name \"%s\" is not known (%s); correct it, or see whether the network is up", host->host,
                  gai_strerror(code));
        return;
    }
    for (struct addrinfo *info = found; info; info = info->ai_next) {
        char address[sizeof(lookup->addresses[0].address)];
        if (getnameinfo(info->ai_addr, info->ai_addrlen, address, sizeof(address), NULL, 0, NI_NUMERICHOST) == 0) {
            add(lookup, host, address);
        }
    }
    freeaddrinfo(found);
}

bool ledger_lookup(const struct ledger_target *target, struct ledger_lookup *ret_lookup, struct error *error) {
    ret_lookup->count = 0;
    error_set(error, ERROR_DATABASE, "the host has no address");
    for (size_t i = 0; i < target->host_count; i++) {
        const struct ledger_host *host = &target->hosts[i];
        if (host->is_local || host->address) {
            add(ret_lookup, host, host->address ? host->address : "");
        } else {
            look_up(ret_lookup, host, error);
        }
    }
    return ret_lookup->count > 0;
}

bool ledger_address_is_near(const struct ledger_address *address) {
    const char *number = address->address;
    return number[0] == '\0' || strncmp(number, "127.", 4) == 0 || strcmp(number, "::1") == 0 ||
           strncmp(number, "::ffff:127.", 11) == 0;
}
