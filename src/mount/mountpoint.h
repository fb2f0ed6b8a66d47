/* The folder to mount on: whether it can be mounted on, what is mounted there, unmounting what a
 * killed migfs left behind, and detaching our own mount, wherever it is by then. Knows
 * /proc/self/mountinfo and fusermount3, not libfuse. */
#ifndef MIGFS_MOUNT_MOUNTPOINT_H
#define MIGFS_MOUNT_MOUNTPOINT_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* Identifies a mount while it exists, unlike its path: a folder can be moved with what is mounted
 * in it. The kernel gives the same numbers to the next mount once this one has gone. */
struct mountpoint_mount {
    int id;          /* mount ID from mountinfo; 0: none */
    char device[32]; /* "0:53" */
};

struct mountpoint_wishes {
    bool allows_others;   /* the option allow_other */
    bool allows_nonempty; /* the option nonempty */
};

/* Keeps two processes from checking and mounting on the same folder at once, which would stack
 * their mounts. Returns a descriptor to close after mounting, or -1 if the lock is not available
 * within five seconds. The caller then continues without it, since any process can hold it
 * forever. */
int mountpoint_lock(const char *absolute_path);

/* Makes sure that a file system can be mounted here: the folder exists and is empty, no live migfs
 * is mounted on it (a dead one is unmounted), and this user may mount. Each error says what to do;
 * errors of the command line are ERROR_USAGE. */
bool mountpoint_prepare(const char *absolute_path, const struct mountpoint_wishes *wishes, struct error *error);

/* Builds the sentence for a mount that failed nevertheless. `said` is libfuse's message, or "".
 * Returns false. */
bool mountpoint_refusal(const char *absolute_path, const char *said, struct error *error);

/* The migfs that is mounted here, topmost. False, with the id 0, when there is none. Uses the
 * kernel's cache only. */
bool mountpoint_find(const char *absolute_path, struct mountpoint_mount *ret_mount);

/* Detaches the mount at once, wherever it is by now; processes with files of it open keep them.
 * `device` is the /dev/fuse descriptor of this mount, which tells whether it still exists. Does
 * nothing when the mount has gone or another one is on top. */
void mountpoint_detach(const struct mountpoint_mount *mount, int device);

/* True when the mount that the device belongs to has gone, for example by fusermount3 -u. */
bool mountpoint_has_gone(int device);

#endif
