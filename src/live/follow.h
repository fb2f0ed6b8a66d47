/* Has the way to the source walked every so often, with a database or without, on a thread of its own: what lies on the way may hang, and the
 * databases are read meanwhile. */
#ifndef LIVE_FOLLOW_H
#define LIVE_FOLLOW_H

#include "migfs/folder/follower.h"
#include "migfs/util/error.h"

struct follow;

/* Takes over the reference, also when it fails. NULL with an error where no thread can be had. */
struct follow *follow_start(struct disk_follower *follower, unsigned every_ms, struct error *error);

/* The descriptor to wait on; readable: the way leads elsewhere, so the folder is to be scanned. */
int follow_descriptor(const struct follow *follow);
void follow_clear(struct follow *follow);

/* Takes NULL. A walk that hangs is left behind. */
void follow_stop(struct follow *follow);

#endif
