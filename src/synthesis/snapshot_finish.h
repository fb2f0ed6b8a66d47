/* Decided at the end of a file: defaults of enum columns, row security, the columns of views. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_FINISH_H
#define MIGFS_SYNTHESIS_SNAPSHOT_FINISH_H

#include "synthesis/snapshot.h"

void snapshot_finish(struct making *making);

#endif
