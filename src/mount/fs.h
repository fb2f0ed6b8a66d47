/* The FUSE handlers: each answers from the published tree, and none waits. What has to wait is handed on: fsync, and the reading of what is not in
 * memory. */
#ifndef MIGFS_MOUNT_FS_H
#define MIGFS_MOUNT_FS_H

#include <stdbool.h>

#include "mount/inodes.h"
#include "mount/kernel.h"
#include "mount/slow.h"

/* What the handlers need; the session's userdata. */
struct fs {
    struct inodes *inodes;
    struct slow *slow; /* who reads what is not in memory */

    /* Others than the user who mounted may look (allow_other). Then the kernel is made to remember no name and no listing: to have it forget one,
     * a lock is needed that a reader can hold for as long as he likes, by having a listing copied into memory that is not there. */
    bool is_shared;

    /* Called for fsync on a file: the callee answers the request later, from another thread, by fuse_reply_err. */
    void (*sync)(void *context, fuse_req_t request);
    /* Called before the last part of a listing with attributes is answered. */
    void (*listed)(void *context, uint64_t directory);
    void *context;
};

extern const struct fuse_lowlevel_ops fs_operations;

#endif
