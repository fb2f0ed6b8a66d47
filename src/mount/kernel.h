/* libfuse's interface, in the version that this folder uses. */
#ifndef MIGFS_MOUNT_KERNEL_H
#define MIGFS_MOUNT_KERNEL_H

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>

#endif
