/* What effects decide about files that no journal lists. Pure; one thread. */
#ifndef MIGFS_JOIN_EFFECTS_HOLD_H
#define MIGFS_JOIN_EFFECTS_HOLD_H

#include "migfs/join/effects.h"

/* Returns whether no journal lists the file and no rule includes it. */
bool effects_hold_applies(const struct join *join, const struct migration *it);

/* Sets standing.is_there and is_unread. Holds an unlisted file whose objects exist in every
 * database without a row of it; if they exist in only some of these, no journal is made until a
 * rule decides. `join` must be the one that the effects were made from, and nothing else may have
 * been made from it yet. */
void effects_hold(struct join *join, const struct effects_join *effects);

#endif
