/* Walks the path to the source at intervals, on a thread of its own, since a file system on the
 * path may hang while databases are still to be read. */
#ifndef LIVE_FOLLOW_H
#define LIVE_FOLLOW_H

#include "migfs/folder/follower.h"
#include "migfs/util/error.h"

struct follow;

/* Takes over the reference, also on failure. NULL with an error when no thread can be started. */
struct follow *follow_start(struct disk_follower *follower, unsigned every_ms, struct error *error);

/* The descriptor to poll. Readable: the path leads elsewhere now, and the folder has to be
 * scanned. */
int follow_descriptor(const struct follow *follow);
void follow_clear(struct follow *follow);

/* Takes NULL. Leaves a walk that hangs behind. */
void follow_stop(struct follow *follow);

#endif
