/* Checks the kind before opening, since opening a pipe or a device has side effects. */
#include "cli/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *regular_open(const char *path) {
    struct stat status;
    if (stat(path, &status) < 0) {
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return NULL;
    }
    /* O_NONBLOCK: if it has become a pipe meanwhile, it reads as empty instead of blocking. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (descriptor >= 0 && !stream) {
        close(descriptor);
    }
    return stream;
}

bool regular_is_planted(const char *folder, const char *path) {
    struct stat above, status;
    return stat(folder, &above) == 0 && (above.st_mode & S_IWOTH) && lstat(path, &status) == 0 &&
           status.st_uid != geteuid() && status.st_uid != above.st_uid;
}
