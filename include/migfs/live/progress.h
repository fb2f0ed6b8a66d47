/* Shows progress to a user who waits at a terminal. */
#ifndef MIGFS_LIVE_PROGRESS_H
#define MIGFS_LIVE_PROGRESS_H

#include "migfs/live/inputs.h"

/* Like inputs_read_all(). If standard error is a terminal and reading takes long, one line there
 * shows how many files have been read; it is erased afterwards. */
bool progress_read_all(struct inputs *inputs, struct error *error);

#endif
