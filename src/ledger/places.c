/* We hold at most USUAL connections to a server or, if its limit allows for more, as many as leave
 * half of its connections free. Connections of others are counted, so several instances of migfs
 * share fairly. An idle connection is kept only while half of the server's connections are free,
 * with ours counted as used. If others need more while many of ours are open, ours are closed, but
 * only when three quarters are used, since a server still counts a connection for a moment after it
 * was closed.
 *
 * Logins and catalog queries keep the server's processors busy, and each must end within the
 * timeout. So only some are made at a time, which takes no longer than all at once. If the server
 * answers nothing, each only waits for its timeout, and all may do so at the same time. Polls of the
 * ledgers alone, by connections that were kept, cost little.
 *
 * A refusal may come from the limit of a role, a database or a pooler, which the server does not
 * report. Then the limit becomes half of the connections we had, permanently. */
#include "ledger/places.h"

#include <stdint.h>
#include <sys/resource.h>

enum {
    USUAL = 64, /* of the 100 that PostgreSQL allows by default */
    LEAST = 8,
    CONNECTING = 64, /* the server starts a process for each */
    READING = 16,
};

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

/* Half of the descriptors; the others are for the folder and for name lookups. */
size_t ledger_places_limit(unsigned connections) {
    struct rlimit descriptors;
    size_t most = getrlimit(RLIMIT_NOFILE, &descriptors) == 0 ? (size_t)descriptors.rlim_cur / 2 : SIZE_MAX;
    return connections > 0 && connections < most ? connections : most > 0 ? most : 1;
}

struct ledger_places ledger_places_of_server(size_t limit) {
    return (struct ledger_places){.limit = limit > 0 ? limit : USUAL,
                                  .connecting_limit = CONNECTING,
                                  .reading_limit = READING,
                                  .is_told = limit == 0,
                                  .may_rise = limit == 0};
}

struct ledger_places ledger_places_of_all(size_t limit) {
    return (struct ledger_places){.limit = limit, .connecting_limit = SIZE_MAX, .reading_limit = SIZE_MAX};
}

void ledger_places_count(struct ledger_places *places, const struct ledger_held *was, const struct ledger_held *is) {
    size_t were_connected = was->open - was->connecting, are_connected = is->open - is->connecting;
    places->came += are_connected > were_connected ? are_connected - were_connected : 0;
    places->went += were_connected > are_connected ? were_connected - are_connected : 0;
    places->held.open += is->open - was->open;
    places->held.connecting += is->connecting - was->connecting;
    places->held.failing += is->failing - was->failing;
    places->held.reading += is->reading - was->reading;
    places->held.retrying += is->retrying - was->retrying;
}

/* How many of `limit` the databases that failed last time may have. */
static size_t share_of_failing(const struct ledger_places *places, size_t limit) {
    return places->databases > limit ? larger(limit / 2, 1) : limit;
}

bool ledger_places_admit(const struct ledger_places *places, bool is_failing) {
    return places->held.connecting < places->connecting_limit &&
           (!is_failing || places->held.failing < share_of_failing(places, places->limit));
}

bool ledger_places_have_turn(const struct ledger_places *places, bool is_failing) {
    size_t limit = places->reading_limit;
    return places->is_silent ||
           (places->held.reading < limit && (!is_failing || places->held.retrying < share_of_failing(places, limit)));
}

bool ledger_places_are_full(const struct ledger_places *places) {
    return places->held.open >= places->limit;
}

bool ledger_places_are_overdrawn(const struct ledger_places *places) {
    return places->is_pressed && places->held.open > places->limit;
}

bool ledger_places_ask(const struct ledger_places *places) {
    return places->is_told;
}

bool ledger_places_are_short(const struct ledger_places *places) {
    return places->is_short;
}

/* Only connections that were open before the query and have not been closed since are certainly
 * ours among `taken`; newer ones may be counted or not. The error is towards the smaller limit. */
void ledger_places_hear(struct ledger_places *places, size_t offered, size_t taken, size_t came) {
    if (offered == 0) {
        return;
    }
    places->is_short = places->is_told && taken > offered / 2;
    if (places->may_rise) {
        size_t stayed = came > places->went ? came - places->went : 0, most = stayed + offered / 2;
        places->limit = larger(smaller(USUAL, offered / 2), most > taken ? most - taken : 0);
        places->is_pressed = taken > offered - offered / 4;
    }
}

void ledger_places_refuse(struct ledger_places *places) {
    places->limit = smaller(places->limit, larger(LEAST, smaller(USUAL, places->held.open / 2)));
    places->may_rise = false;
    places->is_pressed = true;
}
