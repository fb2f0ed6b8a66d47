/* After a login the server may still hang. So for a wait for an answer, only answers count. */
#include "ledger/silence.h"

bool ledger_silence_hear(struct ledger_silence *silence, const struct ledger_turn *turn, int64_t now) {
    bool is_end = turn->progress != LEDGER_PROGRESS_NONE;
    if (is_end || turn->phase == LEDGER_PHASE_ASKING) {
        silence->let_in = now;
    }
    if (is_end) {
        silence->spoke = now;
    }
    return is_end;
}

bool ledger_silence_is_general(const struct ledger_silence *silence, enum ledger_phase phase, int64_t begun) {
    return (phase == LEDGER_PHASE_CONNECTING ? silence->let_in : silence->spoke) <= begun;
}
