/* Finds the migration that each row of a ledger belongs to. Rows have no tag, so other properties
 * of a row are compared, the most certain first. A migration gets at most one row, and a row
 * belongs to at most one migration. Part of the join. */
#ifndef MIGFS_JOIN_MATCH_H
#define MIGFS_JOIN_MATCH_H

#include "join/signs.h"

/* Sets row_migration, row_match and unmatched of the database, and row and match of each
 * migration's standing in it. `order` has the indices of all migrations, by priority. */
void join_match(struct arena *arena, struct join *join, size_t database, const size_t *order,
                const struct stamp_seconds *seconds);

#endif
