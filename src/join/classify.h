/* Says which files are migrations. Part of the join. */
#ifndef MIGFS_JOIN_CLASSIFY_H
#define MIGFS_JOIN_CLASSIFY_H

#include "migfs/join/joined.h"

/* By rule, journal and name. What is left may still be held. */
void join_classify(struct join *join);

/* Holds what is as likely a leftover as a migration. A journal that cannot be read lists nothing; what has run then stands in for what it
 * listed, so the rows must have been matched before. */
void join_hold_leftovers(struct arena *arena, struct join *join);

/* Once the rows are matched: what is held and has its row in each database that has rows is a migration; what has none, and the bytes of
 * an unlisted file that has run, is held. */
void join_settle_leftovers(struct arena *arena, struct join *join);

#endif
