/* Tells which migration each row of a ledger belongs to. Rows carry no tag, so it goes by what a row does carry, the surest sign
 * first, each migration taking at most one row and each row at most one migration. Part of the join. */
#ifndef MIGFS_JOIN_MATCH_H
#define MIGFS_JOIN_MATCH_H

#include "join/signs.h"

/* Fills row_migration, row_match and unmatched of the database, and row and match of each migration's standing in it. `order`
 * holds the indices of all migrations, those with the first claim to a row first. */
void join_match(struct arena *arena, struct join *join, size_t database, const size_t *order,
                const struct stamp_seconds *seconds);

#endif
