/* Which database a connection string leads to, for people: its name on the server, and the server. */
#ifndef MIGFS_LEDGER_POSTGRES_WHERE_H
#define MIGFS_LEDGER_POSTGRES_WHERE_H

#include <stddef.h>

/* `"shop" at db.example.com:5432` or `"shop" at the socket in /run/postgresql`, of several servers the first; no user and no password. Empty where the
 * string is not understood. Does not connect; before any other thread, since it uses the environment. */
void where_describe(const char *conninfo, char *ret_where, size_t size);

#endif
