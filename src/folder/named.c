/* Walks a path that ends at a file. */
#include "migfs/folder/named.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder/acl.h"
#include "folder/way.h"

bool disk_named_open(const char *absolute_path, struct disk_named *ret_named) {
    struct disk_way way;
    struct stat stat;
    if (!disk_way_walk_to_file(absolute_path, &way)) {
        return false;
    }
    if (fstat(way.descriptor, &stat) < 0) {
        int saved = errno;
        disk_way_finish(&way);
        errno = saved;
        return false;
    }
    *ret_named = (struct disk_named){
        .descriptor = way.descriptor,
        .folders = way.folders,
        .count = way.count,
        .file = {.device = stat.st_dev,
                 .inode = stat.st_ino,
                 .granted = disk_acl_narrow(way.descriptor, stat.st_mode & 07777),
                 .uid = stat.st_uid,
                 .gid = stat.st_gid},
    };
    return true;
}

void disk_named_finish(struct disk_named *named) {
    disk_way_finish(&(struct disk_way){.descriptor = named->descriptor, .folders = named->folders});
}
