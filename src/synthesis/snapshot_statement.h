/* Determines the kind of a statement and applies it. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_STATEMENT_H
#define MIGFS_SYNTHESIS_SNAPSHOT_STATEMENT_H

#include "synthesis/snapshot.h"

/* Returns false if the statement is refused, with the reason set. */
bool snapshot_apply(struct making *making, struct text sql, const struct token_statement *statement);

#endif
