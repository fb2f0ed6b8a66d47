/* Chooses what a statement is, and applies it. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_STATEMENT_H
#define MIGFS_SYNTHESIS_SNAPSHOT_STATEMENT_H

#include "synthesis/snapshot.h"

/* False: the statement stands in the way, and the reason is set. */
bool snapshot_apply(struct making *making, struct text sql, const struct token_statement *statement);

#endif
