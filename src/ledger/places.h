/* How many connections one server may hold of ours, or all servers together: what is held, and where the limit lies. It counts, and
 * knows neither databases nor time. */
#ifndef MIGFS_LEDGER_PLACES_H
#define MIGFS_LEDGER_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* Of some databases, how many have a connection, how many of these are still connecting, and how many of them failed last time. */
struct ledger_held {
    size_t open, connecting, failing;
};

struct ledger_places {
    size_t databases; /* that share these places */
    size_t limit, connecting_limit;
    bool is_told;    /* the server is asked for its places */
    bool may_rise;   /* with what the server tells */
    bool is_short;   /* less than half of the server's places are free */
    bool is_pressed; /* what is held beyond the limit is given back */
    struct ledger_held held;
};

/* Of one server. `limit` is the user's, or 0 to go by what the server can spare. */
struct ledger_places ledger_places_of_server(size_t limit);

/* Of all servers together. */
struct ledger_places ledger_places_of_all(size_t limit);

/* What one database holds has changed. */
void ledger_places_count(struct ledger_places *places, const struct ledger_held *was, const struct ledger_held *is);

/* True when one more may connect, as soon as there is a place for it. Those that failed last time get half of the places where
 * there are too few. */
bool ledger_places_admit(const struct ledger_places *places, bool is_failing);

/* True when a place must be left before one can be taken. */
bool ledger_places_are_full(const struct ledger_places *places);

/* True when a place is to be left though nothing waits for it. */
bool ledger_places_are_overdrawn(const struct ledger_places *places);

/* True when less than half of the server's places are free: then no connection outlives its read. */
bool ledger_places_are_short(const struct ledger_places *places);

/* True when there is a use for ledger_places_hear(). */
bool ledger_places_ask(const struct ledger_places *places);

/* The server has `offered` places, and `taken` of them are in use, ours included. */
void ledger_places_hear(struct ledger_places *places, size_t offered, size_t taken);

/* The server had no place for one more beside those that are held. */
void ledger_places_refuse(struct ledger_places *places);

/* How many connections there may be at once when the user says `connections` (0: nothing). */
size_t ledger_places_limit(unsigned connections);

#endif
