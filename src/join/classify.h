/* Says which files are migrations. Part of the join. */
#ifndef MIGFS_JOIN_CLASSIFY_H
#define MIGFS_JOIN_CLASSIFY_H

#include "migfs/join/joined.h"

/* By rule, journal and name. What is left may still be held. */
void join_classify(struct join *join);

/* Holds what is as likely a leftover as a migration. A journal that cannot be read lists nothing; what has run then stands in for what it
 * listed, so the rows must have been matched before. */
void join_hold_leftovers(struct arena *arena, struct join *join);

#endif
