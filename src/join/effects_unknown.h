/* Decides when an absent fact proves nothing: rules R1 and R7 for effects. */
#ifndef MIGFS_JOIN_EFFECTS_UNKNOWN_H
#define MIGFS_JOIN_EFFECTS_UNKNOWN_H

#include "migfs/join/effects.h"

/* Sets `doubts` and `last_pending`. */
void effects_find_doubts(struct arena *arena, struct effects_join *effects);

/* Returns whether a fact that does not exist may have been removed by a migration that cannot be
 * read, is not parsed yet, or decides only at run time. Once too much text has been searched for
 * names, every such migration may have removed it. */
bool effects_are_unknown(struct effects_join *effects, const bool *has_run, const struct fact *fact);

/* Sets `is_unseen` in the standings of a database, whose other members are set. */
void effects_mark_unseen(struct effects_join *effects, size_t database);

#endif
