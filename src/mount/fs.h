/* The FUSE handlers: each answers from the published tree, and none waits for anything but fsync, which is handed on. */
#ifndef MIGFS_MOUNT_FS_H
#define MIGFS_MOUNT_FS_H

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>

#include "mount/inodes.h"

/* What the handlers need; the session's userdata. */
struct fs {
    struct inodes *inodes;
    /* Called for fsync and fsyncdir: the callee answers the request later, from another thread, by fuse_reply_err. */
    void (*sync)(void *context, fuse_req_t request, uint64_t inode, bool is_directory);
    /* Called before the last part of a listing with attributes is answered. */
    void (*listed)(void *context, uint64_t directory);
    void *context;
};

extern const struct fuse_lowlevel_ops fs_operations;

#endif
