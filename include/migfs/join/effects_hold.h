/* What effects decide of files that no journal lists. Pure; one thread. */
#ifndef MIGFS_JOIN_EFFECTS_HOLD_H
#define MIGFS_JOIN_EFFECTS_HOLD_H

#include "migfs/join/effects.h"

/* True of a file that no journal lists and no rule includes. */
bool effects_hold_applies(const struct join *join, const struct migration *it);

/* Fills standing.is_there. An unlisted file that is there in every database that has no row of it is held; where it is there in some only there
 * is no journal until a rule decides. `join` is the one that the effects were made of, before anything else is made of it. */
void effects_hold(struct join *join, const struct effects_join *effects);

#endif
