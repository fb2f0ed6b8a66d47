/* Where one database is and how to log in: a connection string, the environment and libpq's defaults put together once, so that
 * each connection begins without reading them again. Holds passwords; wiped by its owner. */
#ifndef MIGFS_LEDGER_POSTGRES_TARGET_H
#define MIGFS_LEDGER_POSTGRES_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

/* One element of the lists `host`, `hostaddr` and `port`. */
struct ledger_host {
    char *host;    /* a name, an address, a socket's directory, or empty for libpq's own default directory */
    char *address; /* numeric, or NULL: not needed (a socket) or to be looked up */
    char *port;    /* or empty for the default */
    bool is_local; /* a Unix socket */
};

struct ledger_target {
    char **keywords; /* for libpq, NULL-terminated, without host, hostaddr and port */
    char **values;
    size_t count;
    struct ledger_host *hosts; /* at least one, tried in this order */
    size_t host_count;
    char *search_path; /* that the connection string asks for, or NULL; no server is sent it */
};

/* Calls `dropped` (may be NULL) at most once, with the names of parameters that are left out, before it returns. The error
 * repeats nothing of the conninfo. Reads the environment, and sets PGSERVICE for a moment when the conninfo names a service: no
 * other thread may use the environment meanwhile. */
bool ledger_target_parse(const char *conninfo, struct ledger_target *ret_target,
                         void (*dropped)(void *context, const char *names), void *context, struct error *error);

/* True when both name the same servers in the same order. */
bool ledger_target_is_server_of(const struct ledger_target *a, const struct ledger_target *b);

void ledger_target_wipe(struct ledger_target *target);

#endif
