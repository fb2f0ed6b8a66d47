/* Lets a user who waits at a terminal see that something happens. Top row. */
#ifndef MIGFS_LIVE_PROGRESS_H
#define MIGFS_LIVE_PROGRESS_H

#include "migfs/live/inputs.h"

/* As inputs_read_all(). Where standard error is a terminal and the folder takes long, one line there tells how many of its files have
 * been read; nothing is left of it afterwards. */
bool progress_read_all(struct inputs *inputs, struct error *error);

#endif
