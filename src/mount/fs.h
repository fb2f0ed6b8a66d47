/* The FUSE handlers: each answers from the published tree, and none waits. Requests that have to
 * wait are passed on: fsync, and reads of contents that are not in memory. */
#ifndef MIGFS_MOUNT_FS_H
#define MIGFS_MOUNT_FS_H

#include <stdbool.h>

#include "mount/inodes.h"
#include "mount/kernel.h"
#include "mount/slow.h"

/* What the handlers need; the userdata of the FUSE session. */
struct fs {
    struct inodes *inodes;
    struct slow *slow; /* reads contents that are not in memory */

    /* With allow_other the kernel must not cache names or listings: to invalidate one it takes a
     * lock that any reader can hold for as long as it likes, by having a listing copied into memory
     * that is not there. */
    bool is_shared;

    /* Called for fsync on a file: the callee answers the request later with fuse_reply_err(), from
     * another thread. */
    void (*sync)(void *context, fuse_req_t request);
    /* Called before the last part of a listing with attributes is answered. */
    void (*listed)(void *context, uint64_t directory);
    void *context;
};

extern const struct fuse_lowlevel_ops fs_operations;

#endif
