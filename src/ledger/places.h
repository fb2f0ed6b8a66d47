/* Counts connections to one server, or to all servers together, and computes their limit. It knows
 * neither databases nor time. */
#ifndef MIGFS_LEDGER_PLACES_H
#define MIGFS_LEDGER_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* How many databases of a set have a connection, how many of these are still connecting, and how
 * many failed last time; and how many are being read at some cost to the server, with a login or with
 * the catalogs, and how many of these failed last time. */
struct ledger_held {
    size_t open, connecting, failing;
    size_t reading, retrying;
};

struct ledger_places {
    size_t databases; /* that share this limit */
    size_t limit, connecting_limit;
    size_t reading_limit;
    bool is_silent;  /* the server answers nothing, so reading_limit does not apply */
    bool is_told;    /* the server is asked for its number of connections */
    bool may_rise;   /* the limit may follow the server's answers */
    bool is_short;   /* less than half of the server's connections are free */
    bool is_pressed; /* connections above the limit must be closed */
    struct ledger_held held;
    size_t came, went; /* total connections opened, and closed */
};

/* For one server. `limit` is set by the user, or 0 to use what the server can spare. */
struct ledger_places ledger_places_of_server(size_t limit);

/* For all servers together. */
struct ledger_places ledger_places_of_all(size_t limit);

/* The connection of a database has changed from `was` to `is`. */
void ledger_places_count(struct ledger_places *places, const struct ledger_held *was, const struct ledger_held *is);

/* Returns whether one more database may connect once there is a free connection. If there are too
 * few for all, databases that failed last time get half of them. */
bool ledger_places_admit(const struct ledger_places *places, bool is_failing);

/* Returns whether one more costly read may begin. If not all can be read at once, databases that
 * failed last time get half of the turns. */
bool ledger_places_have_turn(const struct ledger_places *places, bool is_failing);

/* Returns whether a connection must be closed before another one can be opened. */
bool ledger_places_are_full(const struct ledger_places *places);

/* Returns whether a connection must be closed although nothing waits for it. */
bool ledger_places_are_overdrawn(const struct ledger_places *places);

/* Returns whether less than half of the server's connections are free, so that none is kept between
 * reads. */
bool ledger_places_are_short(const struct ledger_places *places);

/* Returns whether ledger_places_hear() needs the server's numbers. */
bool ledger_places_ask(const struct ledger_places *places);

/* The server allows `offered` connections, and `taken` of them were in use, ours included, when it
 * was queried; `came` is the value before the query. No effect if it was not queried (0
 * offered). */
void ledger_places_hear(struct ledger_places *places, size_t offered, size_t taken, size_t came);

/* The server refused another connection. */
void ledger_places_refuse(struct ledger_places *places);

/* Returns the most connections at once for the user's `connections` (0: not set). */
size_t ledger_places_limit(unsigned connections);

#endif
