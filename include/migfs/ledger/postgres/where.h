/* Describes for people where a connection string leads: the name of the database, and the
 * server. */
#ifndef MIGFS_LEDGER_POSTGRES_WHERE_H
#define MIGFS_LEDGER_POSTGRES_WHERE_H

#include <stddef.h>

/* `"shop" at db.example.com:5432` or `"shop" at the socket in /run/postgresql`, without user and
 * password. Of several servers, describes the first. Empty if the string cannot be parsed. Does not
 * connect. Loads libpq. Call before starting threads, since it uses the environment. */
void where_describe(const char *conninfo, char *ret_where, size_t size);

#endif
