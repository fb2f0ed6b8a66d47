/* Gives back to a snapshot the names that hand-written SQL has changed where the schema has what was
 * before, or may have it: for snapshot_unchanged.h, since the schema is asked by names. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_UNCHANGED_NAMES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_UNCHANGED_NAMES_H

#include "synthesis/snapshot_search.h"

/* Returns whether some are given back. */
bool snapshot_unchanged_names(struct snapshot_search *search);

#endif
