/* A file named by the user with a path, anywhere. The path is walked as the path to the source is,
 * so the result also says who else could read the file. */
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

/* Opens a regular file. Returns false with errno: EINVAL for anything else, which is never
 * opened. */
bool disk_named_open(const char *absolute_path, struct disk_named *ret_named);
void disk_named_finish(struct disk_named *named);

#endif
