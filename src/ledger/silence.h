/* Tells a server that answers no database at all from a single database that is slow or hangs. It
 * reads no clock. */
#ifndef MIGFS_LEDGER_SILENCE_H
#define MIGFS_LEDGER_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/ledger/driver.h"

/* Of one server; ms of CLOCK_MONOTONIC. */
struct ledger_silence {
    int64_t let_in; /* when it last let one log in */
    int64_t spoke;  /* when it last answered or refused */
};

/* Records what came of a ready descriptor. Returns true after an answer or a refusal. */
bool ledger_silence_hear(struct ledger_silence *silence, const struct ledger_turn *turn, int64_t now);

/* A wait in this phase, begun at that time, has timed out. Returns whether the server has let no
 * database log in since then, or, after a login, has answered none. */
bool ledger_silence_is_general(const struct ledger_silence *silence, enum ledger_phase phase, int64_t begun);

#endif
