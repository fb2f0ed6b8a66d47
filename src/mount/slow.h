/* Reads what is not in memory, on threads of its own, so that a source that hangs holds up no other request. Requests that no thread has time
 * for are parked. */
#ifndef MIGFS_MOUNT_SLOW_H
#define MIGFS_MOUNT_SLOW_H

#include <stddef.h>

#include "migfs/util/content.h"
#include "migfs/util/error.h"
#include "mount/kernel.h"

struct slow;

/* Starts no thread before one is needed. */
struct slow *slow_create(struct error *error);

/* Handlers. Takes the request over and a reference to the content: it is answered by the bytes, by EIO where they cannot be had, by EINTR when
 * who waits was interrupted, or by EIO when the end has come. */
void slow_read(struct slow *slow, fuse_req_t request, struct content *content, size_t size, size_t offset);

/* Answers everyone who waits, those whose bytes are being read too. Does not wait for the threads; a later slow_read() is answered by EIO. */
void slow_stop(struct slow *slow);

/* Waits for the threads, and so for the source. Takes NULL. */
void slow_destroy(struct slow *slow);

#endif
