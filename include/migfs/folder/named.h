/* A file that the user named by a path, wherever it is: reached as the source is, so that it is known who else could read it. */
#ifndef MIGFS_FOLDER_NAMED_H
#define MIGFS_FOLDER_NAMED_H

#include <stddef.h>

#include "migfs/folder/set.h"

struct disk_named {
    int descriptor; /* open for reading */
    struct disk_passed *folders;
    size_t count;
    struct disk_passed file;
};

/* Opens a regular file. False with errno: EINVAL where it is something else, which is never opened. */
bool disk_named_open(const char *absolute_path, struct disk_named *ret_named);
void disk_named_finish(struct disk_named *named);

#endif
