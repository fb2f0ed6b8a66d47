/* The folder to mount on: whether it can be mounted on, what is mounted there, and clearing away what a killed migfs left behind.
 * Knows /proc/self/mountinfo and fusermount3, not libfuse. */
#ifndef MIGFS_MOUNT_MOUNTPOINT_H
#define MIGFS_MOUNT_MOUNTPOINT_H

#include <stdbool.h>

#include "migfs/util/error.h"

enum { MOUNTPOINT_DEVICE_SIZE = 32 };

/* Makes sure that a file system can be mounted here: the folder is there, no live migfs is mounted on it (a dead one is
 * unmounted), and this user may mount. `wants_others`: with the option allow_other. Each error says what to do. */
bool mountpoint_prepare(const char *absolute_path, bool wants_others, struct error *error);

/* The device ("0:53") of the migfs that is mounted here on top of all else. False when there is none. Asks only the kernel. */
bool mountpoint_device(const char *absolute_path, char ret_device[MOUNTPOINT_DEVICE_SIZE]);

#endif
