/* Reaches names below the opened folder with openat2(), by which the kernel keeps every step of a
 * path within it. Without that call it walks step by step and follows no link at all. Knows nothing
 * of scans or of the meaning of files. */
#include "folder/root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "migfs/util/record.h"

struct disk_root {
    struct record record;
    int descriptor;
    int descriptors; /* /proc's descriptor folder, or -1; kept open, as opening it is slow */
    bool has_openat2;
    dev_t device;
};

static const char leads_out[] = "is a symbolic link that leads out of the folder";

struct disk_outcome disk_outcome_of_errno(int error) {
    switch (error) {
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EINTR: /* a signal, on a filesystem in user space */
        return (struct disk_outcome){OUTCOME_TROUBLE, NULL, error};
    case ENOENT:
    case ENOTDIR: /* these two: replaced since it was listed */
    case ELOOP:
        return (struct disk_outcome){OUTCOME_VANISHED, NULL, error};
    case EXDEV:
        return (struct disk_outcome){OUTCOME_REFUSED, "is the mount point of another filesystem", 0};
    default:
        return (struct disk_outcome){OUTCOME_REFUSED, "cannot be read", error};
    }
}

static struct disk_outcome outcome_of_link(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return (struct disk_outcome){OUTCOME_REFUSED, "is a dangling symbolic link", 0};
    case ELOOP:
        return (struct disk_outcome){OUTCOME_REFUSED, "is a symbolic link in a loop", 0};
    case EXDEV:
        return (struct disk_outcome){OUTCOME_REFUSED, leads_out, 0};
    case ENOSYS:
        return (struct disk_outcome){OUTCOME_REFUSED,
                                     "is a symbolic link, which cannot be followed safely on this system", 0};
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EINTR:
        return disk_outcome_of_errno(error);
    default:
        return (struct disk_outcome){OUTCOME_REFUSED, "is a symbolic link that cannot be followed", error};
    }
}

struct disk_outcome disk_outcome_of_mode(mode_t mode, bool is_link) {
    static const struct {
        mode_t type;
        const char *reason, *of_link;
    } refusals[] = {
        {S_IFDIR, "is a directory", "is a symbolic link to a directory"},
        {S_IFIFO, "is a FIFO", "is a symbolic link to a FIFO"},
        {S_IFSOCK, "is a socket", "is a symbolic link to a socket"},
        {S_IFBLK, "is a device", "is a symbolic link to a device"},
        {S_IFCHR, "is a device", "is a symbolic link to a device"},
    };
    if (S_ISREG(mode)) {
        return (struct disk_outcome){OUTCOME_REACHED, NULL, 0};
    }
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if ((mode & S_IFMT) == refusals[i].type) {
            return (struct disk_outcome){OUTCOME_REFUSED, is_link ? refusals[i].of_link : refusals[i].reason, 0};
        }
    }
    return (struct disk_outcome){OUTCOME_REFUSED, "is not a regular file", 0};
}

/* Opens with openat2(). */
static int open_beneath(int directory, const char *path, int flags, unsigned resolve) {
    struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC),
                           .resolve = resolve | RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long descriptor;
    int attempts = 64;
    do { /* EAGAIN: a rename somewhere crossed the resolution of a ".." in a link */
        descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
    } while (descriptor < 0 && errno == EAGAIN && --attempts > 0);
    return (int)descriptor;
}

/* A mount root is reported as such, or, for a directory, by its device number. Queries only what
 * the kernel knows without asking the filesystem. (On kernels without the attribute a single
 * mounted file is not detected.) */
static bool is_mounted(const struct disk_root *root, int descriptor) {
    struct statx now;
    if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &now) < 0) {
        return true;
    }
    return (now.stx_attributes & STATX_ATTR_MOUNT_ROOT) ||
           (S_ISDIR(now.stx_mode) && makedev(now.stx_dev_major, now.stx_dev_minor) != root->device);
}

/* Turns an O_PATH descriptor into what was asked for, or fails with errno. */
static int finish_step(const struct disk_root *root, int step, int flags) {
    int opened = step, code = EXDEV;
    if (is_mounted(root, step)) {
        opened = -1;
    } else if (!(flags & O_PATH)) {
        opened = openat(step, ".", flags | O_CLOEXEC);
        code = errno;
    }
    if (opened != step) {
        close(step);
    }
    errno = code;
    return opened;
}

/* The same without openat2() and without following any link. Each step is checked before it is
 * opened for more, since it may be the mount point of a filesystem that hangs. */
static int open_stepwise(const struct disk_root *root, int from, const char *path, int flags) {
    int directory = from;
    for (;;) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(path, "/");
        if (length > NAME_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        bool is_last = path[length] == '\0', is_directory = !is_last || (flags & O_DIRECTORY);
        int step = openat(directory, name, O_PATH | (is_directory ? O_DIRECTORY : 0) | O_NOFOLLOW | O_CLOEXEC);
        step = step < 0 ? step : finish_step(root, step, is_last ? flags : O_PATH);
        if (directory != from) {
            int saved = errno;
            close(directory);
            errno = saved;
        }
        if (is_last || step < 0) {
            return step;
        }
        directory = step;
        path += length + 1;
    }
}

/* Follows no link and crosses no mount. */
static int open_below(const struct disk_root *root, int directory, const char *path, int flags) {
    if (root->has_openat2) {
        return open_beneath(directory, path, flags | O_NOFOLLOW, RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    }
    return open_stepwise(root, directory, path, flags);
}

struct disk_root *disk_root_create(int descriptor) {
    struct statx stat;
    if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &stat) < 0) {
        return NULL;
    }
    struct disk_root *root = calloc(1, sizeof *root);
    if (!root) {
        errno = ENOMEM;
        return NULL;
    }
    record_init(&root->record);
    root->descriptor = descriptor;
    root->descriptors = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
    root->device = makedev(stat.stx_dev_major, stat.stx_dev_minor);
    int probe = open_beneath(descriptor, ".", O_PATH, 0);
    root->has_openat2 = probe >= 0 || (errno != ENOSYS && errno != EPERM); /* EPERM: containers */
    if (probe >= 0) {
        close(probe);
    }
    return root;
}

struct disk_root *disk_root_ref(struct disk_root *root) {
    record_ref(&root->record);
    return root;
}

void disk_root_unref(struct disk_root *root) {
    if (root && record_unref(&root->record)) {
        close(root->descriptor);
        if (root->descriptors >= 0) {
            close(root->descriptors);
        }
        free(root);
    }
}

int disk_root_open_directory(const struct disk_root *root, int directory, const char *name,
                             struct disk_outcome *ret_outcome) {
    int descriptor = directory < 0 ? openat(root->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                                   : open_below(root, directory, name, O_RDONLY | O_DIRECTORY);
    *ret_outcome = descriptor < 0 ? disk_outcome_of_errno(errno) : (struct disk_outcome){.kind = OUTCOME_REACHED};
    return descriptor;
}

/* The result of looking: the file's descriptor, or -1, with the descriptor closed. */
static int finish_look(int descriptor, bool is_link, struct stat *ret_stat, struct disk_outcome *ret_outcome) {
    *ret_outcome = fstat(descriptor, ret_stat) < 0 ? disk_outcome_of_errno(errno)
                                                   : disk_outcome_of_mode(ret_stat->st_mode, is_link);
    if (ret_outcome->kind != OUTCOME_REACHED) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

int disk_root_look(const struct disk_root *root, int directory, const char *path, struct stat *ret_stat,
                   struct disk_outcome *ret_outcome) {
    int descriptor = directory < 0 && strcmp(path, ".") == 0
                         ? fcntl(root->descriptor, F_DUPFD_CLOEXEC, 0)
                         : open_below(root, directory < 0 ? root->descriptor : directory, path, O_PATH);
    if (descriptor < 0) {
        *ret_outcome = disk_outcome_of_errno(errno);
        return -1;
    }
    return finish_look(descriptor, false, ret_stat, ret_outcome);
}

/* A link must not end on another filesystem: with ".." it could reach one that hangs. */
int disk_root_follow(const struct disk_root *root, const char *path, struct stat *ret_stat,
                     struct disk_outcome *ret_outcome) {
    int descriptor = -1;
    errno = ENOSYS;
    if (root->has_openat2) {
        descriptor = open_beneath(root->descriptor, path, O_PATH, RESOLVE_NO_XDEV);
    }
    if (descriptor < 0) {
        *ret_outcome = outcome_of_link(errno);
        return -1;
    }
    return finish_look(descriptor, true, ret_stat, ret_outcome);
}

int disk_root_follow_directory(const struct disk_root *root, const char *path, struct stat *ret_stat,
                               struct disk_outcome *ret_outcome) {
    int descriptor = -1;
    errno = ENOSYS;
    if (root->has_openat2) {
        descriptor = open_beneath(root->descriptor, path, O_PATH | O_DIRECTORY, RESOLVE_NO_XDEV);
    }
    *ret_outcome = descriptor < 0 ? outcome_of_link(errno) : (struct disk_outcome){.kind = OUTCOME_REACHED};
    if (descriptor >= 0 && fstat(descriptor, ret_stat) < 0) {
        *ret_outcome = disk_outcome_of_errno(errno);
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

/* Opens the name a second time. Opening never waits, and the descriptor is closed unless it is the
 * same file. */
static int open_again(const struct disk_root *root, int looked_at, const struct disk_name *name, int flags) {
    struct stat seen, opened;
    int from = name->directory < 0 ? root->descriptor : name->directory;
    int descriptor = -1;
    errno = ENOSYS;
    if (root->has_openat2) {
        descriptor = name->is_link ? open_beneath(root->descriptor, name->path, flags, RESOLVE_NO_XDEV)
                                   : open_below(root, from, name->path, flags);
    }
    if (descriptor >= 0 && (fstat(looked_at, &seen) < 0 || fstat(descriptor, &opened) < 0 ||
                            seen.st_dev != opened.st_dev || seen.st_ino != opened.st_ino)) {
        close(descriptor);
        descriptor = -1;
        errno = ENOENT;
    }
    return descriptor;
}

int disk_root_open_looked_at(const struct disk_root *root, int looked_at, const struct disk_name *name) {
    enum { FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY };
    char number[3 * sizeof looked_at];
    if (root->descriptors < 0) {
        return open_again(root, looked_at, name, FLAGS);
    }
    snprintf(number, sizeof number, "%d", looked_at);
    return openat(root->descriptors, number, FLAGS | O_CLOEXEC);
}

/* ---- places ---- */

/* Opens a place in its directory, and checks that it is still the same directory. */
static int open_place(const struct disk_root *root, int directory, const struct disk_place *place,
                      struct disk_outcome *ret_outcome) {
    struct stat stat;
    int descriptor = open_below(root, directory, place->name, O_PATH | O_DIRECTORY);
    if (descriptor < 0 || fstat(descriptor, &stat) < 0) {
        *ret_outcome = disk_outcome_of_errno(errno);
    } else if (stat.st_dev != place->device || stat.st_ino != place->inode) {
        *ret_outcome = disk_outcome_of_errno(ENOENT);
    } else {
        *ret_outcome = (struct disk_outcome){.kind = OUTCOME_REACHED};
        return descriptor;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return -1;
}

/* Opens the place from the root, or from the last place reached if that is its directory. The
 * recursion is as deep as places are. */
int disk_reach(struct disk_reach *reach, const struct disk_place *place, struct disk_outcome *ret_outcome) {
    *ret_outcome = (struct disk_outcome){.kind = OUTCOME_REACHED};
    if (!place->parent) {
        return reach->root->descriptor;
    }
    if (reach->place == place) {
        return reach->descriptor;
    }
    int directory = disk_reach(reach, place->parent, ret_outcome);
    if (directory < 0) {
        return -1;
    }
    int descriptor = open_place(reach->root, directory, place, ret_outcome);
    disk_reach_finish(reach);
    if (descriptor >= 0) {
        reach->place = place;
        reach->descriptor = descriptor;
    }
    return descriptor;
}

void disk_reach_finish(struct disk_reach *reach) {
    if (reach->place) {
        close(reach->descriptor);
        reach->place = NULL;
    }
}
