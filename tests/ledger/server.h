/* The server's side: the PostgreSQL that `run` has started, and what the tests tell it as its
 * administrator. */
#ifndef MIGFS_TESTS_LEDGER_SERVER_H
#define MIGFS_TESTS_LEDGER_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <sys/types.h>

#define TABLE "drizzle.__drizzle_migrations"

extern const char *cluster; /* the folder of its socket */
extern PGconn *admin;       /* to database "ledgers" */

PGconn *connect_to(const char *host, const char *port, const char *database);

void connect_admin(void);

/* Returns the first value, valid until the next call. */
const char *query(PGconn *pg, const char *statement);

/* The same from the administrator. */
const char *sql(const char *text);

/* Runs a function of tests/lib/postgres.sh on the cluster. */
void server(const char *command);

pid_t postmaster(void);

/* Of the connections to the server, how many ends this process holds, the administrator's included.
 * What the server counts would have those among it whose end it has not noticed yet. */
unsigned connections(void);

/* Makes the ledger anew, as drizzle-orm makes it. */
void make_ledger(void);

#endif
