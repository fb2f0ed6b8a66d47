/* Decides which files are migrations. Part of the join. */
#ifndef MIGFS_JOIN_CLASSIFY_H
#define MIGFS_JOIN_CLASSIFY_H

#include "migfs/join/joined.h"

/* By rule, journal and name. Migrations may still be held afterwards. */
void join_classify(struct join *join);

/* Holds files that are as likely leftovers as migrations. If the journal is unreadable, migrations
 * that have run count as listed, so rows must be matched before this call. */
void join_hold_leftovers(struct arena *arena, struct join *join);

/* Call after matching rows. A held file with a row in each database that has rows becomes a
 * migration. A file without a row is held if its bytes equal those of an unlisted file that has
 * run. */
void join_settle_leftovers(struct arena *arena, struct join *join);

#endif
