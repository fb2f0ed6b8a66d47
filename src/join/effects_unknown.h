/* Where nothing can be said of what is not there: R1 and R7 of the rules for effects. */
#ifndef MIGFS_JOIN_EFFECTS_UNKNOWN_H
#define MIGFS_JOIN_EFFECTS_UNKNOWN_H

#include "migfs/join/effects.h"

/* Sets `doubts`. */
void effects_find_doubts(struct arena *arena, struct effects_join *effects);

/* The fact is not there, and a migration that cannot be read, or shows what it does only when it runs, may have seen to that. */
bool effects_are_unknown(const struct effects_join *effects, const bool *has_run, const struct fact *fact);

#endif
