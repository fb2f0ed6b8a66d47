/* Tells the kernel what to invalidate after each new tree, and replies to the requests that wait
 * for that (fsync). Has its own thread: a notification waits for locks that are held until other
 * requests are replied to, so neither a handler nor the refresh thread may send one. Does not know
 * how trees are made; it requests a refresh for each waiting request through the function given. */
#ifndef MIGFS_MOUNT_NOTIFY_H
#define MIGFS_MOUNT_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "migfs/tree/tree.h"
#include "migfs/util/error.h"
#include "mount/fs.h"

struct notifier;

struct notifier_options {
    struct fuse_session *session; /* must outlive the notifier */
    struct tree *tree;            /* published first; the notifier takes its own reference */

    /* The kernel caches nothing that could become stale (struct fs, is_shared), so it is not
     * notified. */
    bool is_silent;

    /* Requests a refresh that begins after the call, and returns its number, which is above 0 and
     * never below an earlier one. Any thread; the notifier holds no lock during the call. */
    uint64_t (*request_refresh)(void *context);
    void *context;
};

struct notifier *notifier_create(const struct notifier_options *options, struct error *error);

/* Refresh thread. Handlers must already answer from this tree. */
void notifier_published(struct notifier *notifier, struct tree *tree);
void notifier_synced(struct notifier *notifier, uint64_t number); /* met by the last tree */

/* For handlers. Takes over the request. Replies with 0 when a refresh that began after this call is
 * published and the kernel notified, with EINTR when the waiting process was interrupted, or with
 * EIO when the notifier is stopped. */
void notifier_sync(struct notifier *notifier, fuse_req_t request);

/* For handlers. The kernel was given the last part of this directory's listing; it will be made to
 * drop that listing shortly before the names expire. */
void notifier_listed(struct notifier *notifier, uint64_t directory);

/* Replies to all waiting requests, and ends the thread. Handlers must be served until this returns;
 * later calls are answered with EIO or ignored. Once, from one thread. Waits for a notification
 * under way, which takes as long as some process holds the lock of its directory; never when
 * silent. */
void notifier_stop(struct notifier *notifier);
void notifier_destroy(struct notifier *notifier); /* stops it if necessary; takes NULL */

#endif
