/* The folder to mount on: whether it can be mounted on, what is mounted there, clearing away what a killed migfs left behind, and taking a mount of
 * ours off, wherever it is by then. Knows /proc/self/mountinfo and fusermount3, not libfuse. */
#ifndef MIGFS_MOUNT_MOUNTPOINT_H
#define MIGFS_MOUNT_MOUNTPOINT_H

#include <stdbool.h>

#include "migfs/util/error.h"

/* One mount, by what the kernel never gives to another one while it is there, unlike its path: a folder can be moved with what is mounted in it. */
struct mountpoint_mount {
    int id;          /* of the table of mounts; 0: none */
    char device[32]; /* "0:53" */
};

struct mountpoint_wishes {
    bool allows_others;   /* the option allow_other */
    bool allows_nonempty; /* the option nonempty */
};

/* Makes sure that a file system can be mounted here: the folder is there and empty, no live migfs is mounted on it (a dead one is
 * unmounted), and this user may mount. Each error says what to do; one that the command line is to blame for is ERROR_USAGE. */
bool mountpoint_prepare(const char *absolute_path, const struct mountpoint_wishes *wishes, struct error *error);

/* The sentence for a mount that the system refused all the same. `said` is what libfuse said of it, or "". Returns false. */
bool mountpoint_refusal(const char *absolute_path, const char *said, struct error *error);

/* The migfs that is mounted here on top of all else. False, and the id 0, when there is none. Asks only the kernel. */
bool mountpoint_find(const char *absolute_path, struct mountpoint_mount *ret_mount);

/* Takes it off the tree of files at once, wherever it is by now; those who have files of it open keep them. Nothing happens when it is not there
 * any more, or lies below another mount. */
void mountpoint_detach(const struct mountpoint_mount *mount);

#endif
