/* Where a database is and how to log in: a connection string, the environment and libpq's defaults,
 * combined once so that connections need not read them again. Contains passwords; the owner wipes
 * it. */
#ifndef MIGFS_LEDGER_POSTGRES_TARGET_H
#define MIGFS_LEDGER_POSTGRES_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"

/* An element of the lists `host`, `hostaddr` and `port`. */
struct ledger_host {
    char *host;    /* name, address, socket directory, or empty for libpq's default directory */
    char *address; /* numeric; NULL: not needed (a socket) or not resolved yet */
    char *port;    /* empty: the default */
    bool is_local; /* Unix socket */
};

struct ledger_target {
    char **keywords; /* for libpq, NULL-terminated, without host, hostaddr and port */
    char **values;
    size_t count;
    struct ledger_host *hosts; /* at least one, tried in this order */
    size_t host_count;
    char *search_path; /* from the connection string, or NULL; never sent to a server */
};

/* Calls `dropped` (may be NULL) at most once, before it returns, with the names of ignored
 * parameters. The error repeats no part of the conninfo. Loads libpq. Reads the environment, and
 * temporarily sets PGSERVICE if the conninfo names a service, so no other thread may use the
 * environment meanwhile. */
bool ledger_target_parse(const char *conninfo, struct ledger_target *ret_target,
                         void (*dropped)(void *context, const char *names), void *context, struct error *error);

/* Removes PGOPTIONS from the environment, where libpq would find it, and keeps its search path for
 * connection strings without `options`. Other settings in it are reported as ignored for the first
 * of these. Call before starting threads. */
void ledger_target_take_options(void);

/* Returns whether both have the same servers in the same order. */
bool ledger_target_is_server_of(const struct ledger_target *a, const struct ledger_target *b);

void ledger_target_wipe(struct ledger_target *target);

#endif
