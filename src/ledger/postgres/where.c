/* Parses the same target as a connection, so it includes settings from the environment. */
#include "migfs/ledger/postgres/where.h"

#include <stdio.h>
#include <string.h>

#include "ledger/postgres/target.h"

static const char *value_of(const struct ledger_target *target, const char *keyword) {
    for (size_t i = 0; i < target->count; i++) {
        if (strcmp(target->keywords[i], keyword) == 0 && target->values[i] && *target->values[i]) {
            return target->values[i];
        }
    }
    return NULL;
}

void where_describe(const char *conninfo, char *ret_where, size_t size) {
    struct ledger_target target;
    struct error error;
    *ret_where = '\0';
    if (!ledger_target_parse(conninfo, &target, NULL, NULL, &error)) {
        return;
    }
    const struct ledger_host *first = &target.hosts[0];
    const char *name = value_of(&target, "dbname");
    name = name ? name : value_of(&target, "user"); /* like libpq */
    name = name ? name : "?";
    if (first->is_local) {
        snprintf(ret_where, size, "\"%s\" at the socket in %s", name,
                 *first->host ? first->host : "the default folder");
    } else {
        const char *host = *first->host ? first->host : first->address ? first->address : "localhost";
        bool is_ipv6 = strchr(host, ':') != NULL;
        snprintf(ret_where, size, "\"%s\" at %s%s%s:%s", name, is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "",
                 *first->port ? first->port : "5432");
    }
    ledger_target_wipe(&target);
}
