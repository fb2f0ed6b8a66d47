/* Tells the kernel what to forget after each new tree, and answers those who wait for that (fsync). Has a thread of its own:
 * a notification waits for locks that are held until other requests are answered, so that neither a handler nor the refresh
 * thread may send one. Knows nothing of how trees are made; each request that has to wait asks for a refresh through the function given. */
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
    struct tree *tree;            /* what is published at first; the notifier takes a reference of its own */

    /* The kernel remembers nothing that could become untrue (struct fs, is_shared), so it is told nothing. */
    bool is_silent;

    /* Asks for a refresh that begins after the call, and returns its number, above 0 and never below an earlier one.
     * Any thread; no lock of the notifier is held. */
    uint64_t (*request_refresh)(void *context);
    void *context;
};

struct notifier *notifier_create(const struct notifier_options *options, struct error *error);

/* Refresh thread. The tree must be the one that handlers already answer from. */
void notifier_published(struct notifier *notifier, struct tree *tree);
void notifier_synced(struct notifier *notifier,
                     uint64_t number); /* requests up to this number are met by the tree last published */

/* Handlers. Takes the request over: it is answered by 0 when a refresh that began after this call is published and the kernel knows it,
 * by EINTR when the waiting reader was interrupted, or by EIO when the notifier is stopped. */
void notifier_sync(struct notifier *notifier, fuse_req_t request);

/* Handlers. The kernel was handed the last part of this directory's listing; it will be made to forget that listing shortly before the
 * names expire. */
void notifier_listed(struct notifier *notifier, uint64_t directory);

/* Answers everyone who waits, and ends the thread. Handlers must go on being served until this returns; whatever comes later is
 * answered by EIO or ignored. Once, from one thread. Waits for a notification under way, which takes as long as somebody holds the lock of the
 * directory that it is about; never when silent. */
void notifier_stop(struct notifier *notifier);
void notifier_destroy(struct notifier *notifier); /* stops it if need be; takes NULL */

#endif
