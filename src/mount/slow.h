/* Reads contents that are not in memory, on threads of its own, so that a source that hangs blocks
 * no other request. Requests are queued while all threads are busy. */
#ifndef MIGFS_MOUNT_SLOW_H
#define MIGFS_MOUNT_SLOW_H

#include <stddef.h>

#include "migfs/util/content.h"
#include "migfs/util/error.h"
#include "mount/kernel.h"

struct slow;

/* Starts no thread until one is needed. */
struct slow *slow_create(struct error *error);

/* For handlers. Takes over the request, and a reference to the content. Replies with the bytes,
 * with EIO when they cannot be read, with EINTR when the reading process was interrupted, or with
 * EIO at the end. */
void slow_read(struct slow *slow, fuse_req_t request, struct content *content, size_t size, size_t offset);

/* Replies to all requests, including those being read. Does not wait for the threads; later calls
 * of slow_read() reply with EIO. */
void slow_stop(struct slow *slow);

/* Waits for the threads, and so for the source. Takes NULL. */
void slow_destroy(struct slow *slow);

#endif
